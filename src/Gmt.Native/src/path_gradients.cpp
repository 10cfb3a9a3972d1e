#include "path_gradients.h"

#include <algorithm>

namespace gmt::paths {
namespace {

/* The transposed part of a matrix that begins at weights: out[i] = sum of x[j] * weights[j * stride + i], i below columns. */
float_block pack_transposed(const float *weights, int32_t columns, int32_t inputs, int32_t stride) {
    float_block packed(static_cast<size_t>(columns) * inputs);
    for (int32_t input = 0; input < inputs; input++) {
        for (int32_t column = 0; column < columns; column++) {
            packed.data()[(static_cast<size_t>(column / 16) * inputs + input) * 16 + column % 16] =
                weights[static_cast<size_t>(input) * stride + column];
        }
    }

    return packed;
}

void add_to(float_block &sum, const float_block &other) {
    std::transform(sum.data(), sum.data() + sum.size(), other.data(), sum.data(), [](float a, float b) { return a + b; });
}

}  // namespace

float_block zeros(size_t count) {
    float_block made(count);
    std::fill_n(made.data(), count, 0.0f);
    return made;
}

weight_sums::weight_sums(const network &of) {
    const size_t width = of.width, layers = of.layers.size(), hidden = of.hidden;
    linear = zeros(layers * width * 2 * width);
    bias = zeros(layers * width);
    scale = zeros(layers * width);
    shift = zeros(layers * width);
    degrees = zeros(of.layers[0].degrees.size() * layers);
    hidden_weight = zeros(hidden * 2 * width);
    hidden_bias = zeros(hidden);
    output_weight = zeros(hidden);
}

void weight_sums::add(const weight_sums &other) {
    add_to(linear, other.linear);
    add_to(bias, other.bias);
    add_to(scale, other.scale);
    add_to(shift, other.shift);
    add_to(degrees, other.degrees);
    add_to(hidden_weight, other.hidden_weight);
    add_to(hidden_bias, other.hidden_bias);
    add_to(output_weight, other.output_weight);
    output_bias += other.output_bias;
}

trained_network::trained_network(const gmt_path_weights &weights, const path_ops *ops) : forward(make_network(weights, ops)) {
    const int32_t width = weights.width;
    for (int32_t layer = 0; layer < weights.layer_count; layer++) {
        const float *linear = weights.linear + static_cast<size_t>(layer) * width * 2 * width;
        layers.push_back({pack_transposed(linear, width, width, 2 * width), pack_transposed(linear + width, width, width, 2 * width)});
    }

    if (weights.hidden > 0) {
        hidden_state = pack_transposed(weights.hidden_weight, width, weights.hidden, 2 * width);
    }

    no_bias = zeros(width);
}

}  // namespace gmt::paths
