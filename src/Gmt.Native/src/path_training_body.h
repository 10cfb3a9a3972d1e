/*
 * The loops of path_ops.h that only training runs. Included by each instruction set's file after path_ops_body.h; besides what that asks
 * for, such a file defines
 *   outer_vecs   how many vecs of a row the tile of a sum of outer products is wide
 */

template <int Size, bool Fetches, int Count, class Rows>
GMT_INLINE void add_groups_back(vecs<Count> &sum, Rows &rows, const int32_t *&label, int32_t groups, const float *weights,
                                const vecs<Count> &state, int32_t width, float *weight_gradients) {
    for (int32_t group = 0; group < groups; group++) {
        const float *row[Size];
        for (int edge = 0; edge < Size; edge++) {
            row[edge] = rows.at(edge);
            if (Fetches) {
                fetch<Count>(rows.at(edge + edges_ahead));
            }
        }

        const float *weight = weights + (int64_t)*label * width;
        float *gradient = weight_gradients + (int64_t)*label++ * width;
        for (int i = 0; i < Count; i++) {
            const vec total = sum_of_rows<Size>(row, 16 * i);
            sum.v[i] = multiply_add(total, load(weight + 16 * i), sum.v[i]);
            store(gradient + 16 * i, multiply_add(total, state.v[i], load(gradient + 16 * i)));
        }

        rows = rows.from(Size);
    }
}

template <int Count, bool Fetches, class Rows>
GMT_INLINE void gather_node_back(const receiver_edges &own, const int32_t *label, Rows rows, const float *weights, const float *state_row,
                                 int32_t width, float *to, float *weight_gradients) {
    vecs<Count> sum, state;
    for (int v = 0; v < Count; v++) {
        sum.v[v] = load(to + 16 * v);
        state.v[v] = load(state_row + 16 * v);
    }

    add_groups_back<8, Fetches, Count>(sum, rows, label, own.groups[0], weights, state, width, weight_gradients);
    add_groups_back<4, Fetches, Count>(sum, rows, label, own.groups[1], weights, state, width, weight_gradients);
    add_groups_back<2, Fetches, Count>(sum, rows, label, own.groups[2], weights, state, width, weight_gradients);
    add_groups_back<1, Fetches, Count>(sum, rows, label, own.groups[3], weights, state, width, weight_gradients);
    for (int v = 0; v < Count; v++) {
        store(to + 16 * v, sum.v[v]);
    }
}

template <int Count, bool Fetches>
void gather_back_columns(const edge_view &edges, const float *gradients, const float *const *found, const float *weights,
                         const float *states, int32_t width, int32_t first, int32_t count, float *state_gradients, float *weight_gradients,
                         int32_t column) {
    for (int32_t node = first; node < first + count; node++) {
        const receiver_edges &own = edges.receivers[node];
        const int32_t *label = edges.group_labels + own.first_group;
        const int64_t row = (int64_t)node * width + column;
        if (found == nullptr) {
            const rows_by_node rows{gradients + column, width, edges.senders + own.first};
            gather_node_back<Count, Fetches>(own, label, rows, weights + column, states + row, width, state_gradients + row,
                                             weight_gradients + column);
        } else {
            gather_node_back<Count, Fetches>(own, label, rows_by_edge{found, column}, weights + column, states + row, width,
                                             state_gradients + row, weight_gradients + column);
            found += own.last - own.first;
        }
    }
}

template <bool Fetches>
void gather_back_all(const edge_view &edges, const float *gradients, const float *const *found, const float *weights, const float *states,
                     int32_t width, int32_t first, int32_t count, float *state_gradients, float *weight_gradients) {
    int32_t column = 0;
    for (; column + 32 <= width; column += 32) {
        gather_back_columns<2, Fetches>(edges, gradients, found, weights, states, width, first, count, state_gradients, weight_gradients,
                                        column);
    }

    for (; column < width; column += 16) {
        gather_back_columns<1, Fetches>(edges, gradients, found, weights, states, width, first, count, state_gradients, weight_gradients,
                                        column);
    }
}

void gather_back(const edge_view &edges, const float *gradients, const float *const *found, const float *weights, const float *states,
                 int32_t width, int32_t first, int32_t count, bool fetches, float *state_gradients, float *weight_gradients) {
    if (fetches) {
        gather_back_all<true>(edges, gradients, found, weights, states, width, first, count, state_gradients, weight_gradients);
    } else {
        gather_back_all<false>(edges, gradients, found, weights, states, width, first, count, state_gradients, weight_gradients);
    }
}

void update_back(const float *h, const float *const *g, const float *scale, const float *shift, float epsilon, int32_t width, int32_t count,
                 float *out, float *bias_gradient, float *scale_gradient, float *shift_gradient) {
    for (int32_t i = 0; i < count; i++, h += width, out += width) {
        const float inverse = inverse_deviation(h, epsilon, width);
        const vec factor = broadcast(&inverse);
        vec sum = zero(), products = zero();
        for (int32_t column = 0; column < width; column += 16) {
            const vec normal = mul(load(h + column), factor), weight = load(scale + column);
            const vec value = multiply_add(normal, weight, load(shift + column));
            const vec passed = where_positive(value, load(g[i] + column)), weighted = mul(passed, weight);
            store(shift_gradient + column, add(load(shift_gradient + column), passed));
            store(scale_gradient + column, multiply_add(passed, normal, load(scale_gradient + column)));
            store(out + column, weighted);
            sum = add(sum, weighted);
            products = multiply_add(weighted, normal, products);
        }

        /* inverse * (weighted - mean - normal * mean of products) */
        const float of_mean = -sum_of(sum) / (float)width * inverse, of_scale = -sum_of(products) / (float)width * inverse * inverse;
        const vec mean = broadcast(&of_mean), slope = broadcast(&of_scale);
        for (int32_t column = 0; column < width; column += 16) {
            const vec value = multiply_add(load(out + column), factor, multiply_add(load(h + column), slope, mean));
            store(out + column, value);
            store(bias_gradient + column, add(load(bias_gradient + column), value));
        }
    }
}

template <int Rows, int Count>
GMT_INLINE void outer_tile(const float *a, int32_t rows, const float *const *b, int32_t column, int32_t count, float *to, int64_t stride) {
    vec sums[Rows][Count];
    for (int row = 0; row < Rows; row++) {
        for (int v = 0; v < Count; v++) {
            sums[row][v] = load(to + row * stride + 16 * v);
        }
    }

    for (int32_t i = 0; i < count; i++, a += rows) {
        vec value[Count];
        for (int v = 0; v < Count; v++) {
            value[v] = load(b[i] + column + 16 * v);
        }

        for (int row = 0; row < Rows; row++) {
            const vec factor = broadcast(a + row);
            for (int v = 0; v < Count; v++) {
                sums[row][v] = multiply_add(factor, value[v], sums[row][v]);
            }
        }
    }

    for (int row = 0; row < Rows; row++) {
        for (int v = 0; v < Count; v++) {
            store(to + row * stride + 16 * v, sums[row][v]);
        }
    }
}

template <int Count>
void outer_columns(const float *a, int32_t rows, const float *const *b, int32_t column, int32_t count, float *to, int64_t stride) {
    for (int32_t row = 0; row < rows; row += 4) {
        outer_tile<4, Count>(a + row, rows, b, column, count, to + row * stride + column, stride);
    }
}

void outer(const float *a, int32_t rows, const float *const *b, int32_t width, int32_t count, float *to, int64_t stride) {
    int32_t column = 0;
    for (; column + 16 * outer_vecs <= width; column += 16 * outer_vecs) {
        outer_columns<outer_vecs>(a, rows, b, column, count, to, stride);
    }

    if constexpr (outer_vecs > 2) {
        for (; column + 32 <= width; column += 32) {
            outer_columns<2>(a, rows, b, column, count, to, stride);
        }
    }

    for (; column < width; column += 16) {
        outer_columns<1>(a, rows, b, column, count, to, stride);
    }
}

void score_back(const float *h, const float *weight, const float *g, int32_t columns, int32_t count, float *out, float *weight_gradient,
                float *bias_gradient) {
    for (int32_t i = 0; i < count; i++, h += columns, out += columns) {
        const vec gradient = broadcast(g + i);
        for (int32_t column = 0; column < columns; column += 16) {
            const vec value = load(h + column), passed = where_positive(value, mul(gradient, load(weight + column)));
            store(weight_gradient + column, multiply_add(positive(value), gradient, load(weight_gradient + column)));
            store(out + column, passed);
            store(bias_gradient + column, add(load(bias_gradient + column), passed));
        }
    }
}

void scale_back(const float *sums, const float *roots, const float *scales, int32_t width, int32_t count, float *gradients,
                float *scale_gradients) {
    for (int32_t i = 0; i < count; i++, sums += width, gradients += width) {
        const vec root = broadcast(roots + i), inverse = mul(root, root);
        for (int32_t column = 0; column < width; column += 16) {
            const vec gradient = load(gradients + column), product = mul(gradient, load(sums + column));
            float *to = scale_gradients + column;
            store(to, add(load(to), product));
            store(to + width, multiply_add(product, root, load(to + width)));
            store(to + 2 * width, multiply_add(product, inverse, load(to + 2 * width)));
            store(gradients + column, mul(gradient, degree_factor(scales + column, width, root, inverse)));
        }
    }
}

void add_rows(const float *a, int64_t count, float *sum) {
    for (int64_t i = 0; i < count; i += 16) {
        store(sum + i, add(load(sum + i), load(a + i)));
    }
}

constexpr path_ops loops{gather,      add_product, multiply, update,     score,      scale,
                         gather_back, update_back, outer,    score_back, scale_back, add_rows};
