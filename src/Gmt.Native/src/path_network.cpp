#include "path_network.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "guard.h"
#include "processor.h"

namespace gmt::paths {
namespace {

float_block copy_of(const float *from, size_t count) {
    float_block copy(count);
    std::copy(from, from + count, copy.data());
    return copy;
}

/* weights [columns, stride], of which the first inputs of each row count; less each column's mean where it is told. */
float_block pack(const float *weights, int32_t columns, int32_t inputs, int32_t stride, bool centered) {
    float_block packed(static_cast<size_t>(columns) * inputs);
    for (int32_t input = 0; input < inputs; input++) {
        double mean = 0;
        for (int32_t column = 0; centered && column < columns; column++) {
            mean += static_cast<double>(weights[static_cast<size_t>(column) * stride + input]) / columns;
        }

        for (int32_t column = 0; column < columns; column++) {
            packed.data()[(static_cast<size_t>(column / 16) * inputs + input) * 16 + column % 16] =
                static_cast<float>(weights[static_cast<size_t>(column) * stride + input] - mean);
        }
    }

    return packed;
}

bool is_width(int32_t width) { return width >= 16 && width <= 1024 && width % 16 == 0; }

}  // namespace

void network::find_hidden_bias(const float *vector, float *bias) const {
    for (int32_t row = 0; row < hidden; row++) {
        const float *weights = hidden_start.data() + static_cast<size_t>(row) * width;
        bias[row] = static_cast<float>(std::inner_product(weights, weights + width, vector, static_cast<double>(hidden_bias.data()[row])));
    }
}

std::shared_ptr<const network> make_network(const gmt_path_weights &weights, const path_ops *ops) {
    auto made = std::make_shared<network>();
    made->width = weights.width;
    made->hidden = weights.hidden;
    made->epsilon = weights.epsilon;
    made->ops = ops;
    const size_t width = weights.width;
    for (int32_t layer = 0; layer < weights.layer_count; layer++) {
        const size_t row = layer * width;
        made->layers.push_back({pack(weights.linear + row * 2 * width, weights.width, 2 * weights.width, 2 * weights.width, true),
                                pack(weights.bias + row, weights.width, 1, 1, true), copy_of(weights.norm_scale + row, width),
                                copy_of(weights.norm_shift + row, width),
                                weights.degree_scale == nullptr ? float_block() : copy_of(weights.degree_scale + 3 * row, 3 * width)});
    }

    if (weights.hidden > 0) {
        const size_t hidden = weights.hidden;
        made->hidden_state = pack(weights.hidden_weight, weights.hidden, weights.width, 2 * weights.width, false);
        made->hidden_start = float_block(hidden * width);
        for (size_t row = 0; row < hidden; row++) {
            const float *start = weights.hidden_weight + (2 * row + 1) * width;
            std::copy(start, start + width, made->hidden_start.data() + row * width);
        }

        made->hidden_bias = copy_of(weights.hidden_bias, hidden);
        made->output_weight = copy_of(weights.output_weight, hidden);
        made->output_bias = weights.output_bias;
    }

    return made;
}

gmt_status check_weights(const gmt_path_weights *weights) noexcept {
    if (weights == nullptr || weights->linear == nullptr || weights->bias == nullptr || weights->norm_scale == nullptr ||
        weights->norm_shift == nullptr) {
        return GMT_NULL_ARGUMENT;
    }

    if (!is_width(weights->width) || weights->layer_count < 1 || weights->layer_count > 64 || !(weights->epsilon > 0) ||
        (weights->hidden != 0 && !is_width(weights->hidden))) {
        return GMT_OUT_OF_RANGE;
    }

    const bool has_readout = weights->hidden_weight != nullptr && weights->hidden_bias != nullptr && weights->output_weight != nullptr;
    return weights->hidden > 0 && !has_readout ? GMT_NULL_ARGUMENT : GMT_OK;
}

}  // namespace gmt::paths

extern "C" gmt_status gmt_make_path_network(const gmt_path_weights *weights, int32_t instructions, gmt_path_network **network) {
    return gmt::guard([&] {
        if (network == nullptr) {
            return GMT_NULL_ARGUMENT;
        }

        *network = nullptr;
        const gmt_status status = gmt::paths::check_weights(weights);
        if (status != GMT_OK) {
            return status;
        }

        const auto *ops = gmt::choose_ops<gmt::paths::path_ops>(instructions);
        if (ops == nullptr) {
            return GMT_OUT_OF_RANGE;
        }

        *network = new gmt_path_network{gmt::paths::make_network(*weights, ops)};
        return GMT_OK;
    });
}

extern "C" void gmt_free_path_network(gmt_path_network *network) { delete network; }
