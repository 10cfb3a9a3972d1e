#include "gmt.h"
#include "processor.h"
#include "row_ops.h"

namespace gmt::rows {
namespace {

/* Runs a loop where its arguments are in order. */
template <class Loop, class... Arrays>
gmt_status run(int32_t instructions, int64_t rows, int32_t width, Loop loop, const Arrays *...arrays) noexcept {
    const row_ops *ops = choose_ops<row_ops>(instructions);
    if (ops == nullptr || rows < 0 || width < 0) {
        return GMT_OUT_OF_RANGE;
    }

    if (((arrays == nullptr) || ...)) {
        return GMT_NULL_ARGUMENT;
    }

    loop(*ops, shape{rows, width});
    return GMT_OK;
}

/* The keys of a mask, or what stands for them where none are needed. */
const void *keys_of(const gmt_dropout *dropout) noexcept {
    return dropout == nullptr || dropout->threshold == 0 ? dropout : static_cast<const void *>(dropout->row_keys);
}

}  // namespace
}  // namespace gmt::rows

using namespace gmt::rows;

extern "C" gmt_status gmt_fill_mask(int32_t instructions, const gmt_dropout *dropout, int64_t rows, int32_t width, float *mask) {
    auto loop = [&](const row_ops &ops, shape size) { ops.fill_mask(*dropout, size, mask); };
    return run(instructions, rows, width, loop, dropout, keys_of(dropout), mask);
}

extern "C" gmt_status gmt_gelu(int32_t instructions, const gmt_dropout *dropout, int64_t rows, int32_t width, const float *bias,
                               float *values, float *activations) {
    auto loop = [&](const row_ops &ops, shape size) { ops.gelu(*dropout, size, bias, values, activations); };
    return run(instructions, rows, width, loop, dropout, keys_of(dropout), bias, values, activations);
}

extern "C" gmt_status gmt_gelu_back(int32_t instructions, int64_t rows, int32_t width, const float *derivatives, float *gradients,
                                    float *column_sums) {
    auto loop = [&](const row_ops &ops, shape size) { ops.gelu_back(size, derivatives, gradients, column_sums); };
    return run(instructions, rows, width, loop, derivatives, gradients, column_sums);
}

extern "C" gmt_status gmt_add_norm(int32_t instructions, const gmt_dropout *dropout, int64_t rows, int32_t width, const float *x,
                                   const float *y, const float *y_bias, const float *weight, const float *bias, float epsilon,
                                   float *normalized, float *inverse, float *out) {
    auto loop = [&](const row_ops &ops, shape size) {
        ops.add_norm(*dropout, size, x, y, y_bias, weight, bias, epsilon, normalized, inverse, out);
    };
    return epsilon > 0
               ? run(instructions, rows, width, loop, dropout, keys_of(dropout), x, y, y_bias, weight, bias, normalized, inverse, out)
               : GMT_OUT_OF_RANGE;
}

extern "C" gmt_status gmt_add_norm_back(int32_t instructions, const gmt_dropout *dropout, int64_t rows, int32_t width,
                                        const float *gradients, const float *normalized, const float *inverse, const float *weight,
                                        float *x_gradients, float *y_gradients, float *y_bias_sums, float *weight_sums, float *bias_sums) {
    auto loop = [&](const row_ops &ops, shape size) {
        ops.add_norm_back(*dropout, size, gradients, normalized, inverse, weight, x_gradients, y_gradients, y_bias_sums, weight_sums,
                          bias_sums);
    };
    const void *needed = dropout != nullptr && dropout->threshold != 0 ? y_gradients : static_cast<const void *>(dropout);
    return run(instructions, rows, width, loop, dropout, keys_of(dropout), gradients, normalized, inverse, weight, x_gradients, needed,
               y_bias_sums, weight_sums, bias_sums);
}
