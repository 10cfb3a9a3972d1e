/*
 * The loops of path_ops.h over 16 floats at a time. Included once by each instruction set's file, in an unnamed namespace, after it has
 * defined vec with its operations, and
 *   gather_vecs  how many of them the sums of one node's edges keep in registers
 *   tile_vecs, tile_rows  the tile of a product that is kept in registers
 */

template <int Count>
struct vecs {
    vec v[Count];
};

template <int Count>
GMT_INLINE vecs<Count> zeros() {
    vecs<Count> result;
    for (int i = 0; i < Count; i++) {
        result.v[i] = zero();
    }

    return result;
}

/* The sum of Size rows, by halves. */
template <int Size>
GMT_INLINE vec sum_of_rows(const float *const *rows, int column) {
    if constexpr (Size == 1) {
        return load(rows[0] + column);
    } else {
        return add(sum_of_rows<Size / 2>(rows, column), sum_of_rows<Size / 2>(rows + Size / 2, column));
    }
}

/* sum += weight * (the sum of Size rows from the first edge on). */
template <int Size, int Count, class Rows>
GMT_INLINE void add_group(vecs<Count> &sum, const Rows &rows, const float *weight) {
    const float *row[Size];
    for (int edge = 0; edge < Size; edge++) {
        row[edge] = rows.at(edge);
    }

    for (int i = 0; i < Count; i++) {
        sum.v[i] = multiply_add(sum_of_rows<Size>(row, 16 * i), load(weight + 16 * i), sum.v[i]);
    }
}

/* Rows of states by node: rows + node * stride. */
struct rows_by_node {
    const float *rows;
    int64_t stride;
    const int32_t *senders; /* of a receiver's edges */

    GMT_MEMBER const float *at(int64_t edge) const { return rows + senders[edge] * stride; }
    GMT_MEMBER rows_by_node from(int64_t edge) const { return {rows, stride, senders + edge}; }
};

/* Rows of states that have been looked up, edge by edge. */
struct rows_by_edge {
    const float *const *found;
    int32_t column;

    GMT_MEMBER const float *at(int64_t edge) const { return found[edge] + column; }
    GMT_MEMBER rows_by_edge from(int64_t edge) const { return {found + edge, column}; }
};

/* Asks for a row that is soon needed. */
template <int Count>
GMT_INLINE void fetch(const float *row) {
    for (int i = 0; i < Count; i++) {
        prefetch(row + 16 * i);
    }
}

template <int Size, bool Fetches, int Count, class Rows>
GMT_INLINE void add_groups(vecs<Count> &sum, Rows &rows, const int32_t *&label, int32_t groups, const float *weights, int32_t width) {
    for (int32_t group = 0; group < groups; group++) {
        for (int edge = 0; Fetches && edge < Size; edge++) {
            fetch<Count>(rows.at(edge + edges_ahead));
        }

        add_group<Size, Count>(sum, rows, weights + (int64_t)*label++ * width);
        rows = rows.from(Size);
    }
}

template <int Count, bool Fetches, class Rows>
GMT_INLINE void gather_node(const receiver_edges &own, const int32_t *label, Rows rows, const float *weights, int32_t width, float *to) {
    vecs<Count> sum = zeros<Count>();
    add_groups<8, Fetches, Count>(sum, rows, label, own.groups[0], weights, width);
    add_groups<4, Fetches, Count>(sum, rows, label, own.groups[1], weights, width);
    add_groups<2, Fetches, Count>(sum, rows, label, own.groups[2], weights, width);
    add_groups<1, Fetches, Count>(sum, rows, label, own.groups[3], weights, width);
    for (int v = 0; v < Count; v++) {
        store(to + 16 * v, sum.v[v]);
    }
}

template <int Count, bool Fetches>
void gather_columns(const edge_view &edges, const state_view &states, const float *const *found, const float *weights, int32_t width,
                    const int32_t *nodes, int32_t count, float *sums, int32_t column) {
    for (int32_t i = 0; i < count; i++) {
        const receiver_edges &own = edges.receivers[nodes[i]];
        const int32_t *label = edges.group_labels + own.first_group;
        float *to = sums + (int64_t)i * width + column;
        if (found == nullptr) {
            const rows_by_node rows{states.rows + column, states.stride, edges.senders + own.first};
            gather_node<Count, Fetches>(own, label, rows, weights + column, width, to);
        } else {
            gather_node<Count, Fetches>(own, label, rows_by_edge{found, column}, weights + column, width, to);
            found += own.last - own.first;
        }
    }
}

template <bool Fetches>
void gather_all(const edge_view &edges, const state_view &states, const float *const *found, const float *weights, int32_t width,
                const int32_t *nodes, int32_t count, float *sums) {
    int32_t column = 0;
    for (; column + 16 * gather_vecs <= width; column += 16 * gather_vecs) {
        gather_columns<gather_vecs, Fetches>(edges, states, found, weights, width, nodes, count, sums, column);
    }

    if constexpr (gather_vecs > 2) {
        for (; column + 32 <= width; column += 32) {
            gather_columns<2, Fetches>(edges, states, found, weights, width, nodes, count, sums, column);
        }
    }

    for (; column < width; column += 16) {
        gather_columns<1, Fetches>(edges, states, found, weights, width, nodes, count, sums, column);
    }
}

void gather(const edge_view &edges, const state_view &states, const float *const *found, const float *weights, int32_t width,
            const int32_t *nodes, int32_t count, bool fetches, float *sums) {
    if (fetches) {
        gather_all<true>(edges, states, found, weights, width, nodes, count, sums);
    } else {
        gather_all<false>(edges, states, found, weights, width, nodes, count, sums);
    }
}

void add_product(const float *a, const float *b, int32_t width, float *sum) {
    for (int32_t column = 0; column < width; column += 16) {
        store(sum + column, multiply_add(load(a + column), load(b + column), load(sum + column)));
    }
}

template <int Rows, int Count>
GMT_INLINE void tile(const float *const *x, const float *p, int32_t width, const float *packed, int64_t panel, const float *bias,
                     int32_t columns, float *out) {
    vec sums[Rows][Count];
    for (int v = 0; v < Count; v++) {
        const vec start = load(bias + 16 * v);
        for (int row = 0; row < Rows; row++) {
            sums[row][v] = start;
        }
    }

    const float *from[Rows];
    for (int row = 0; row < Rows; row++) {
        from[row] = x[row];
    }

    for (int half = 0; half < (p == nullptr ? 1 : 2); half++) {
        for (int32_t k = 0; k < width; k++, packed += 16) {
            vec w[Count];
            for (int v = 0; v < Count; v++) {
                w[v] = load(packed + v * panel);
            }

            for (int row = 0; row < Rows; row++) {
                const vec value = broadcast(from[row] + k);
                for (int v = 0; v < Count; v++) {
                    sums[row][v] = multiply_add(value, w[v], sums[row][v]);
                }
            }
        }

        for (int row = 0; row < Rows; row++) {
            from[row] = p + (int64_t)row * width;
        }
    }

    for (int row = 0; row < Rows; row++) {
        for (int v = 0; v < Count; v++) {
            store(out + (int64_t)row * columns + 16 * v, sums[row][v]);
        }
    }
}

template <int Rows, int Count>
void tiles(const float *const *x, const float *p, int32_t width, const float *packed, int64_t panel, const float *bias, int32_t columns,
           int32_t count, float *out) {
    int32_t row = 0;
    for (; row + Rows <= count; row += Rows) {
        tile<Rows, Count>(x + row, p == nullptr ? p : p + (int64_t)row * width, width, packed, panel, bias, columns,
                          out + (int64_t)row * columns);
    }

    if constexpr (Rows > 1) {
        if (row < count) {
            tiles<Rows - 1, Count>(x + row, p == nullptr ? p : p + (int64_t)row * width, width, packed, panel, bias, columns, count - row,
                                   out + (int64_t)row * columns);
        }
    }
}

void multiply(const float *const *x, const float *p, int32_t width, const float *packed, const float *bias, int32_t columns, int32_t count,
              float *out) {
    const int64_t panel = (int64_t)width * (p == nullptr ? 1 : 2) * 16;
    int32_t column = 0;
    for (; column + 16 * tile_vecs <= columns; column += 16 * tile_vecs) {
        tiles<tile_rows, tile_vecs>(x, p, width, packed + column / 16 * panel, panel, bias + column, columns, count, out + column);
    }

    for (; column < columns; column += 16) {
        tiles<tile_rows, 1>(x, p, width, packed + column / 16 * panel, panel, bias + column, columns, count, out + column);
    }
}

/* 1 / sqrt(mean(h^2) + epsilon) of a row. */
GMT_INLINE float inverse_deviation(const float *h, float epsilon, int32_t width) {
    vec squares = zero();
    for (int32_t column = 0; column < width; column += 16) {
        const vec value = load(h + column);
        squares = multiply_add(value, value, squares);
    }

    return 1 / sqrtf(sum_of(squares) / (float)width + epsilon);
}

void update(const float *h, const float *const *x, const float *scale, const float *shift, float epsilon, int32_t width, int32_t count,
            float *const *out) {
    for (int32_t i = 0; i < count; i++, h += width) {
        const float inverse = inverse_deviation(h, epsilon, width);
        const vec factor = broadcast(&inverse);
        for (int32_t column = 0; column < width; column += 16) {
            const vec normal = multiply_add(mul(load(h + column), factor), load(scale + column), load(shift + column));
            store(out[i] + column, add(load(x[i] + column), positive(normal)));
        }
    }
}

void score(const float *h, const float *weight, float bias, int32_t columns, int32_t count, float *scores) {
    for (int32_t i = 0; i < count; i++, h += columns) {
        vec sum = zero();
        for (int32_t column = 0; column < columns; column += 16) {
            sum = multiply_add(positive(load(h + column)), load(weight + column), sum);
        }

        scores[i] = sum_of(sum) + bias;
    }
}

/* a0 + a1 * root + a2 * inverse, of scales [3, width]. */
GMT_INLINE vec degree_factor(const float *scales, int32_t width, const vec &root, const vec &inverse) {
    return multiply_add(inverse, load(scales + 2 * width), multiply_add(root, load(scales + width), load(scales)));
}

void scale(const float *sums, const float *roots, const float *scales, int32_t width, int32_t count, float *out) {
    for (int32_t i = 0; i < count; i++, sums += width, out += width) {
        const vec root = broadcast(roots + i), inverse = mul(root, root);
        for (int32_t column = 0; column < width; column += 16) {
            store(out + column, mul(load(sums + column), degree_factor(scales + column, width, root, inverse)));
        }
    }
}
