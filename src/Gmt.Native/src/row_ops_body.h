/*
 * The loops of row_ops.h. Included once by each instruction set's file, in an unnamed namespace, after it has defined
 *   lanes      how many numbers a vector has: a divisor of 16
 *   vec, bits  vectors of floats and of 32-bit integers, with the operations that are used here
 */
constexpr int32_t parts = 16 / lanes;

/* The first count numbers of a vector, 0 behind them; a whole vector where there are as many. */
GMT_INLINE vec load_some(const float *from, int32_t count) {
    if (count >= lanes) {
        return load(from);
    }

    float some[lanes] = {};
    for (int32_t i = 0; i < count; i++) {
        some[i] = from[i];
    }

    return load(some);
}

GMT_INLINE void store_some(float *to, vec a, int32_t count) {
    if (count >= lanes) {
        store(to, a);
        return;
    }

    float some[lanes];
    store(some, a);
    for (int32_t i = 0; i < count; i++) {
        to[i] = some[i];
    }
}

GMT_INLINE vec first_of(vec a, int32_t count) {
    if (count >= lanes) {
        return a;
    }

    float all[lanes];
    store(all, a);
    return load_some(all, count);
}

/* Sums of a row in 16 lanes. */
struct row_sum {
    vec part[parts];

    GMT_MEMBER void clear() {
        for (int32_t i = 0; i < parts; i++) {
            part[i] = splat(0);
        }
    }

    GMT_MEMBER float total() const {
        float all[16];
        for (int32_t i = 0; i < parts; i++) {
            store(all + i * lanes, part[i]);
        }

        for (int32_t half = 8; half > 0; half /= 2) {
            for (int32_t i = 0; i < half; i++) {
                all[i] += all[i + half];
            }
        }

        return all[0];
    }
};

/* The mask of a row. Where nothing is dropped its weights are 1. */
template <bool Drops>
struct row_mask {
    bits low, high, threshold;
    vec scale;

    GMT_MEMBER row_mask(const gmt_dropout &dropout, int64_t row) {
        if constexpr (Drops) {
            uint64_t key = (dropout.seed << 23 | dropout.seed >> 41) + 0x9E3779B97F4A7C15u + dropout.row_keys[row];
            key = (key ^ key >> 30) * 0xBF58476D1CE4E5B9u;
            key = (key ^ key >> 27) * 0x94D049BB133111EBu;
            key ^= key >> 31;
            low = add(splat_bits((uint32_t)key), lane_numbers());
            high = splat_bits((uint32_t)(key >> 32));
            threshold = splat_bits(dropout.threshold);
            scale = splat(dropout.scale);
        }
    }

    GMT_MEMBER vec at(int32_t column) const {
        if constexpr (Drops) {
            bits u = add(low, splat_bits((uint32_t)column));
            u = exclusive(u, shift_right<16>(u));
            u = multiply(u, splat_bits(0x7FEB352Du));
            u = exclusive(u, shift_right<15>(u));
            u = multiply(u, splat_bits(0x846CA68Bu));
            u = exclusive(u, shift_right<16>(u));
            return where_at_least(add(u, high), threshold, scale);
        } else {
            return splat(1);
        }
    }

    GMT_MEMBER vec times(vec a, int32_t column) const {
        if constexpr (Drops) {
            return mul(a, at(column));
        } else {
            return a;
        }
    }
};

template <bool Drops>
void fill_rows(const gmt_dropout &dropout, shape size, float *mask) {
    for (int64_t row = 0; row < size.rows; row++, mask += size.width) {
        const row_mask<Drops> weights(dropout, row);
        for (int32_t column = 0; column < size.width; column += lanes) {
            store_some(mask + column, weights.at(column), size.width - column);
        }
    }
}

/* exp(x) for x <= 0: 2^n e^r with |r| <= ln 2 / 2 and the series of e^r; below -87, where no normal numbers are left, exp(-87). */
GMT_INLINE vec exp_of_negative(vec x) {
    x = largest(x, splat(-87.0f));
    const vec n = floor_of(multiply_add(x, splat(1.44269504f), splat(0.5f)));
    vec r = multiply_add(n, splat(-0.693359375f), x); /* ln 2 in two parts, the first exact */
    r = multiply_add(n, splat(2.12194440e-4f), r);
    vec series = multiply_add(r, splat(1.0f / 720), splat(1.0f / 120));
    series = multiply_add(series, r, splat(1.0f / 24));
    series = multiply_add(series, r, splat(1.0f / 6));
    series = multiply_add(series, r, splat(0.5f));
    series = multiply_add(series, r, splat(1.0f));
    series = multiply_add(series, r, splat(1.0f));
    return mul(series, power_of_two(n));
}

template <bool Drops>
void gelu_rows(const gmt_dropout &dropout, shape size, const float *bias, float *values, float *activations) {
    for (int64_t row = 0; row < size.rows; row++, values += size.width, activations += size.width) {
        const row_mask<Drops> weights(dropout, row);
        for (int32_t column = 0; column < size.width; column += lanes) {
            const int32_t count = size.width - column;
            const vec x = add(load_some(values + column, count), load_some(bias + column, count));
            const vec exponential = exp_of_negative(mul(mul(x, x), splat(-0.5f)));
            const vec t = divide(splat(1.0f), multiply_add(absolute(x), splat(0.3275911f * 0.70710678f), splat(1.0f)));
            vec series = multiply_add(t, splat(1.061405429f), splat(-1.453152027f));
            series = multiply_add(series, t, splat(1.421413741f));
            series = multiply_add(series, t, splat(-0.284496736f));
            series = multiply_add(series, t, splat(0.254829592f));
            const vec tail = mul(mul(mul(series, t), exponential), splat(0.5f)); /* 1 - Phi(|x|) */
            const vec distribution = where_negative(x, tail, subtract(splat(1.0f), tail));
            const vec derivative = multiply_add(x, mul(exponential, splat(0.39894228f)), distribution);
            if constexpr (Drops) {
                const vec weight = weights.at(column);
                store_some(activations + column, mul(mul(x, distribution), weight), count);
                store_some(values + column, mul(derivative, weight), count);
            } else {
                store_some(activations + column, mul(x, distribution), count);
                store_some(values + column, derivative, count);
            }
        }
    }
}

void gelu_back(shape size, const float *derivatives, float *gradients, float *column_sums) {
    for (int32_t column = 0; column < size.width; column++) {
        column_sums[column] = 0;
    }

    for (int64_t row = 0; row < size.rows; row++, derivatives += size.width, gradients += size.width) {
        for (int32_t column = 0; column < size.width; column += lanes) {
            const int32_t count = size.width - column;
            const vec product = mul(load_some(gradients + column, count), load_some(derivatives + column, count));
            store_some(gradients + column, product, count);
            store_some(column_sums + column, add(load_some(column_sums + column, count), product), count);
        }
    }
}

template <bool Drops>
void add_norm_rows(const gmt_dropout &dropout, shape size, const float *x, const float *y, const float *y_bias, const float *weight,
                   const float *bias, float epsilon, float *normalized, float *inverse, float *out) {
    const int32_t width = size.width;
    for (int64_t row = 0; row < size.rows; row++, x += width, y += width, normalized += width, out += width) {
        const row_mask<Drops> weights(dropout, row);
        row_sum sum;
        sum.clear();
        for (int32_t column = 0; column < width; column += 16) {
            for (int32_t part = 0, at = column; part < parts && at < width; part++, at += lanes) {
                const int32_t count = width - at;
                vec value = add(load_some(y + at, count), load_some(y_bias + at, count));
                if constexpr (Drops) {
                    value = multiply_add(value, weights.at(at), load_some(x + at, count));
                } else {
                    value = add(value, load_some(x + at, count));
                }

                store_some(normalized + at, value, count);
                sum.part[part] = add(sum.part[part], value);
            }
        }

        const vec mean = splat(sum.total() / (float)width);
        sum.clear();
        for (int32_t column = 0; column < width; column += 16) {
            for (int32_t part = 0, at = column; part < parts && at < width; part++, at += lanes) {
                const vec centered = first_of(subtract(load_some(normalized + at, width - at), mean), width - at);
                sum.part[part] = multiply_add(centered, centered, sum.part[part]);
            }
        }

        inverse[row] = 1 / square_root(sum.total() / (float)width + epsilon);
        const vec factor = splat(inverse[row]);
        for (int32_t at = 0; at < width; at += lanes) {
            const int32_t count = width - at;
            const vec value = mul(subtract(load_some(normalized + at, count), mean), factor);
            store_some(normalized + at, value, count);
            store_some(out + at, multiply_add(value, load_some(weight + at, count), load_some(bias + at, count)), count);
        }
    }
}

template <bool Drops>
void add_norm_back_rows(const gmt_dropout &dropout, shape size, const float *gradients, const float *normalized, const float *inverse,
                        const float *weight, float *x_gradients, float *y_gradients, float *y_bias_sums, float *weight_sums,
                        float *bias_sums) {
    const int32_t width = size.width;
    for (int32_t column = 0; column < width; column++) {
        y_bias_sums[column] = weight_sums[column] = bias_sums[column] = 0;
    }

    for (int64_t row = 0; row < size.rows; row++, gradients += width, normalized += width, x_gradients += width) {
        row_sum sum, product;
        sum.clear();
        product.clear();
        for (int32_t column = 0; column < width; column += 16) {
            for (int32_t part = 0, at = column; part < parts && at < width; part++, at += lanes) {
                const int32_t count = width - at;
                const vec g = load_some(gradients + at, count), n = load_some(normalized + at, count);
                const vec scaled = mul(g, load_some(weight + at, count));
                sum.part[part] = add(sum.part[part], scaled);
                product.part[part] = multiply_add(scaled, n, product.part[part]);
                store_some(weight_sums + at, multiply_add(g, n, load_some(weight_sums + at, count)), count);
                store_some(bias_sums + at, add(g, load_some(bias_sums + at, count)), count);
            }
        }

        const row_mask<Drops> weights(dropout, row);
        const vec mean = splat(-sum.total() / (float)width), slope = splat(-product.total() / (float)width), factor = splat(inverse[row]);
        for (int32_t at = 0; at < width; at += lanes) {
            const int32_t count = width - at;
            const vec scaled = mul(load_some(gradients + at, count), load_some(weight + at, count));
            const vec centered = multiply_add(load_some(normalized + at, count), slope, add(scaled, mean));
            const vec gradient = mul(centered, factor);
            const vec of_y = weights.times(gradient, at);
            store_some(x_gradients + at, gradient, count);
            store_some(y_bias_sums + at, add(of_y, load_some(y_bias_sums + at, count)), count);
            if (y_gradients != nullptr) {
                store_some(y_gradients + at, of_y, count);
            }
        }

        if (y_gradients != nullptr) {
            y_gradients += width;
        }
    }
}

void fill_mask(const gmt_dropout &dropout, shape size, float *mask) {
    dropout.threshold != 0 ? fill_rows<true>(dropout, size, mask) : fill_rows<false>(dropout, size, mask);
}

void gelu(const gmt_dropout &dropout, shape size, const float *bias, float *values, float *activations) {
    auto *run = dropout.threshold != 0 ? gelu_rows<true> : gelu_rows<false>;
    run(dropout, size, bias, values, activations);
}

void add_norm(const gmt_dropout &dropout, shape size, const float *x, const float *y, const float *y_bias, const float *weight,
              const float *bias, float epsilon, float *normalized, float *inverse, float *out) {
    auto *run = dropout.threshold != 0 ? add_norm_rows<true> : add_norm_rows<false>;
    run(dropout, size, x, y, y_bias, weight, bias, epsilon, normalized, inverse, out);
}

void add_norm_back(const gmt_dropout &dropout, shape size, const float *gradients, const float *normalized, const float *inverse,
                   const float *weight, float *x_gradients, float *y_gradients, float *y_bias_sums, float *weight_sums, float *bias_sums) {
    auto *run = dropout.threshold != 0 ? add_norm_back_rows<true> : add_norm_back_rows<false>;
    run(dropout, size, gradients, normalized, inverse, weight, x_gradients, y_gradients, y_bias_sums, weight_sums, bias_sums);
}

constexpr row_ops loops{fill_mask, gelu, gelu_back, add_norm, add_norm_back};
