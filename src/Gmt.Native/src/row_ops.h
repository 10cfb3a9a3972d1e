#pragma once

#include <stdint.h>

#include "gmt.h"

/*
 * The loops of gmt.h's rows in one table for each instruction set, as those of path_ops.h. Of each row the sums are taken in 16 lanes,
 * whatever the width of registers.
 */
namespace gmt::rows {

struct shape {
    int64_t rows;
    int32_t width;
};

struct row_ops {
    void (*fill_mask)(const gmt_dropout &dropout, shape size, float *mask);
    void (*gelu)(const gmt_dropout &dropout, shape size, const float *bias, float *values, float *activations);
    void (*gelu_back)(shape size, const float *derivatives, float *gradients, float *column_sums);
    void (*add_norm)(const gmt_dropout &dropout, shape size, const float *x, const float *y, const float *y_bias, const float *weight,
                     const float *bias, float epsilon, float *normalized, float *inverse, float *out);
    void (*add_norm_back)(const gmt_dropout &dropout, shape size, const float *gradients, const float *normalized, const float *inverse,
                          const float *weight, float *x_gradients, float *y_gradients, float *y_bias_sums, float *weight_sums,
                          float *bias_sums);

    static const row_ops portable, avx2, avx512; /* for choose_ops of processor.h */
};

}  // namespace gmt::rows
