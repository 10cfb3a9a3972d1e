#pragma once

#include <vector>

#include "float_block.h"
#include "path_network.h"

namespace gmt::paths {

/* Floats that are 0 at first. */
float_block zeros(size_t count);

/* The gradients of a network's weights, in the shapes of gmt_path_weights. */
struct weight_sums {
    explicit weight_sums(const network &of);

    /* Adds what another sum holds, in the order of the members. */
    void add(const weight_sums &other);

    float_block linear, bias, scale, shift, degrees, hidden_weight, hidden_bias, output_weight;
    float output_bias = 0;
};

/* A network with the weights once more, laid out for the way back. */
struct trained_network {
    trained_network(const gmt_path_weights &weights, const path_ops *ops);

    struct layer_back {
        float_block state, messages; /* the transposed halves of W, packed: [width / 16, width, 16] */
    };

    std::shared_ptr<const network> forward;
    std::vector<layer_back> layers;
    float_block hidden_state; /* the transposed first half of M, packed: [width / 16, hidden, 16] */
    float_block no_bias;
};

}  // namespace gmt::paths
