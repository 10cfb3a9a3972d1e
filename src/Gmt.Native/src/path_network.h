#pragma once

#include <memory>
#include <vector>

#include "float_block.h"
#include "gmt.h"
#include "path_ops.h"

namespace gmt::paths {

/*
 * Weights of a layer, laid out for products: [columns / 16, inputs, 16]. The mean over the outputs is taken out of weights and bias, so
 * that products have mean 0 and the norm need not take it out of each row.
 */
struct layer_weights {
    float_block linear, bias, scale, shift;
    float_block degrees; /* [3, width]; empty where messages are not multiplied by a factor of the degree */
};

struct network {
    int32_t width = 0, hidden = 0;
    float epsilon = 0;
    const path_ops *ops = nullptr;
    std::vector<layer_weights> layers;

    /* The readout: the state's half of its first layer, packed; the start vector's half as it came, which only makes a bias. */
    float_block hidden_state, hidden_start, hidden_bias, output_weight;
    float output_bias = 0;

    int32_t layer_count() const { return static_cast<int32_t>(layers.size()); }
    int32_t columns() const { return width > hidden ? width : hidden; }

    /* The readout's first bias for a start vector, whose half of the product is in it: [hidden]. */
    void find_hidden_bias(const float *vector, float *bias) const;
};

std::shared_ptr<const network> make_network(const gmt_path_weights &weights, const path_ops *ops);

/* What is wrong with weights, GMT_OK where nothing is. */
gmt_status check_weights(const gmt_path_weights *weights) noexcept;

}  // namespace gmt::paths

struct gmt_path_network {
    std::shared_ptr<const gmt::paths::network> shared;
};
