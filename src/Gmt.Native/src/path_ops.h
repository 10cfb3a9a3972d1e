#pragma once

#include <cstdint>

/*
 * The inner loops of path models, in one table for each instruction set. A table's functions are compiled for their own processors; nothing
 * else may be, so files that include path_ops_body.h use no inline function of the standard library.
 *
 * Widths are multiples of 16. A row's result does not depend on the rows beside it.
 */
namespace gmt::paths {

/*
 * The edges of a receiver, first .. last - 1, in groups of one label each: groups of 8, then of 4, 2 and 1. So many of a kind, that loops
 * over them have no branches inside; what a processor foresees of the rest is helped by the order of nodes (see graph).
 */
struct receiver_edges {
    int64_t first, last, first_group;
    int32_t groups[4];
};

struct edge_view {
    const receiver_edges *receivers;
    const int32_t *senders;
    const int32_t *group_labels;
};

/*
 * Where the state of a node is. Without slots it is at rows + node * stride. With slots it is at rows + slot * stride for nodes whose slot
 * is below slot_count, else at others + node * other_stride. A slot of -1 counts as a large one.
 */
struct state_view {
    const float *rows;
    int64_t stride;
    const int32_t *slots;
    uint32_t slot_count;
    const float *others;
    int64_t other_stride;
};

/* How many edges before its turn a row is asked for. */
constexpr int32_t edges_ahead = 24;

struct path_ops {
    /*
     * sums[i] = sum over the edges (u, k) of nodes[i] of states[u] * weights[k]; sums is [count, width], weights [labels, width]. Where the
     * states have slots, found are the rows of the nodes' edges, one after the other, else null. Rows are asked for before their turn where
     * fetches is set, so found and senders have edges_ahead more.
     */
    void (*gather)(const edge_view &edges, const state_view &states, const float *const *found, const float *weights, int32_t width,
                   const int32_t *nodes, int32_t count, bool fetches, float *sums);

    /* sum += a * b, all [width]. */
    void (*add_product)(const float *a, const float *b, int32_t width, float *sum);

    /*
     * out[i] = bias + W [x[i] ; p[i]]: x are count pointers to rows, p is [count, width] or null where W has no second half, out is
     * [count, columns]. W is packed: [columns / 16, inputs, 16].
     */
    void (*multiply)(const float *const *x, const float *p, int32_t width, const float *packed, const float *bias, int32_t columns,
                     int32_t count, float *out);

    /* out[i] = x[i] + relu(h[i] / sqrt(mean(h[i]^2) + epsilon) * scale + shift); h is [count, width] and its rows have mean 0. */
    void (*update)(const float *h, const float *const *x, const float *scale, const float *shift, float epsilon, int32_t width,
                   int32_t count, float *const *out);

    /* scores[i] = weight . relu(h[i]) + bias; h is [count, columns]. */
    void (*score)(const float *h, const float *weight, float bias, int32_t columns, int32_t count, float *scores);

    /* out[i] = sums[i] * (scales[0] + scales[1] * roots[i] + scales[2] * roots[i]^2); sums is [count, width] and may be out. */
    void (*scale)(const float *sums, const float *roots, const float *scales, int32_t width, int32_t count, float *out);

    /* What follows only training needs; gradients are added to what is there. */

    /*
     * Back through gather, at senders that receive from whom they send to: for nodes first .. first + count - 1 with T the sum of gradients
     * over the edges of a label k, state_gradients += T * weights[k] and weight_gradients[k] += T * states. gradients, states and
     * state_gradients are [nodes, width]. found and fetches are as in gather.
     */
    void (*gather_back)(const edge_view &edges, const float *gradients, const float *const *found, const float *weights,
                        const float *states, int32_t width, int32_t first, int32_t count, bool fetches, float *state_gradients,
                        float *weight_gradients);

    /* Back through update by the rows g of its result's gradient: out receives that of h, [count, width]; bias_gradient gets its sum. */
    void (*update_back)(const float *h, const float *const *g, const float *scale, const float *shift, float epsilon, int32_t width,
                        int32_t count, float *out, float *bias_gradient, float *scale_gradient, float *shift_gradient);

    /* to[j, k] += sum of a[i, j] * b[i][k]; a is [count, rows], rows of b are of width, those of to begin every stride. */
    void (*outer)(const float *a, int32_t rows, const float *const *b, int32_t width, int32_t count, float *to, int64_t stride);

    /* Back through score: out receives the gradient of h, [count, columns]; bias_gradient gets its sum. */
    void (*score_back)(const float *h, const float *weight, const float *g, int32_t columns, int32_t count, float *out,
                       float *weight_gradient, float *bias_gradient);

    /* Back through scale: gradients become those of sums; scale_gradients is [3, width]. */
    void (*scale_back)(const float *sums, const float *roots, const float *scales, int32_t width, int32_t count, float *gradients,
                       float *scale_gradients);

    /* sum += a, a multiple of 16 numbers. */
    void (*add_rows)(const float *a, int64_t count, float *sum);

    static const path_ops portable, avx2, avx512; /* for choose_ops of processor.h */
};

}  // namespace gmt::paths
