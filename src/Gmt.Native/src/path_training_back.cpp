#include <algorithm>

#include "path_layer.h"
#include "path_training_run.h"

namespace gmt::paths {

void training_run::backward(const float *result_gradients, label_group &labels, weight_sums &sums, float *vector_gradient) {
    const int64_t width = network_.width;
    std::fill_n(vector_gradient, width, 0.0f);
    if (network_.hidden > 0) {
        score_back(result_gradients, sums, vector_gradient);
    } else {
        for (int32_t node = 0; node < graph_.node_count; node++) {
            std::copy_n(result_gradients + graph_.node_at[node] * width, width, state_gradients_.data() + node * width);
        }
    }

    for (int32_t layer = network_.layer_count() - 1; layer > 0; layer--) {
        run_layer_back(layer, labels, sums, vector_gradient);
    }

    run_first_layer_back(labels, sums, vector_gradient);
}

void training_run::score_back(const float *gradients, weight_sums &sums, float *vector_gradient) {
    const int32_t width = network_.width, hidden = network_.hidden;
    float of_block[block_rows];
    float_block of_bias = zeros(hidden);
    for_each_block(graph_.node_count, [&](int32_t first, int32_t count) {
        for (int32_t i = 0; i < count; i++) {
            rows_[i] = tape_.back().states.data() + static_cast<int64_t>(first + i) * width;
            of_block[i] = gradients[graph_.node_at[first + i]];
            sums.output_bias += of_block[i];
        }

        ops_.multiply(rows_.data(), nullptr, width, network_.hidden_state.data(), hidden_bias_.data(), hidden, count, hidden_.data());
        ops_.score_back(hidden_.data(), network_.output_weight.data(), of_block, hidden, count, hidden_gradient_.data(),
                        sums.output_weight.data(), of_bias.data());
        ops_.outer(hidden_gradient_.data(), hidden, rows_.data(), width, count, sums.hidden_weight.data(), 2 * width);
        for (int32_t i = 0; i < count; i++) {
            rows_[i] = hidden_gradient_.data() + static_cast<int64_t>(i) * hidden;
        }

        ops_.multiply(rows_.data(), nullptr, hidden, trained_.hidden_state.data(), trained_.no_bias.data(), width, count,
                      state_gradients_.data() + static_cast<int64_t>(first) * width);
    });
    ops_.add_rows(of_bias.data(), hidden, sums.hidden_bias.data());
    const float *vector = query_.vector;
    ops_.outer(of_bias.data(), hidden, &vector, width, 1, sums.hidden_weight.data() + width, 2 * width);
    for (int32_t row = 0; row < hidden; row++) {
        const float *weights = network_.hidden_start.data() + static_cast<int64_t>(row) * width;
        for (int32_t column = 0; column < width; column++) {
            vector_gradient[column] += of_bias.data()[row] * weights[column];
        }
    }
}

/*
 * Back through a layer for a block of rows: their states before it are rows_, the gradients of those after it after_, to which those of the
 * states before are added; the gradients of their sums go to sum_gradients.
 */
void training_run::block_back(int32_t layer, const float *h, const float *node_sums, const float *roots, int32_t count, weight_sums &sums,
                              float *sum_gradients) {
    const int32_t width = network_.width;
    const int64_t row = static_cast<int64_t>(layer) * width;
    const layer_weights &weights = network_.layers[layer];
    const float *rows[block_rows];
    ops_.update_back(h, after_.data(), weights.scale.data(), weights.shift.data(), network_.epsilon, width, count, block_.data(),
                     sums.bias.data() + row, sums.scale.data() + row, sums.shift.data() + row);
    float *linear = sums.linear.data() + row * 2 * width;
    ops_.outer(block_.data(), width, rows_.data(), width, count, linear, 2 * width);
    const float *p = messages(weights, node_sums, roots, count);
    for (int32_t i = 0; i < count; i++) {
        rows[i] = p + static_cast<int64_t>(i) * width;
    }

    ops_.outer(block_.data(), width, rows, width, count, linear + width, 2 * width);
    for (int32_t i = 0; i < count; i++) {
        rows[i] = block_.data() + static_cast<int64_t>(i) * width;
    }

    const trained_network::layer_back &back = trained_.layers[layer];
    ops_.multiply(rows, nullptr, width, back.messages.data(), trained_.no_bias.data(), width, count, sum_gradients);
    if (has_degrees()) {
        ops_.scale_back(node_sums, roots, weights.degrees.data(), width, count, sum_gradients, sums.degrees.data() + 3 * row);
    }

    ops_.multiply(rows, nullptr, width, back.state.data(), trained_.no_bias.data(), width, count, messages_.data());
    for (int32_t i = 0; i < count; i++) {
        ops_.add_rows(messages_.data() + static_cast<int64_t>(i) * width, width, after_[i]);
    }
}

void training_run::run_layer_back(int32_t layer, label_group &labels, weight_sums &sums, float *vector_gradient) {
    const int32_t width = network_.width;
    const layer_tape &own = tape_[layer];
    for_each_block(graph_.node_count, [&](int32_t first, int32_t count) {
        const int64_t place = static_cast<int64_t>(first) * width;
        for (int32_t i = 0; i < count; i++) {
            rows_[i] = tape_[layer - 1].states.data() + place + static_cast<int64_t>(i) * width;
            after_[i] = state_gradients_.data() + place + static_cast<int64_t>(i) * width;
        }

        block_back(layer, own.h.data() + place, own.sums.data() + place, roots_.data() + first, count, sums, sum_gradients_.data() + place);
    });
    ops_.add_rows(sum_gradients_.data() + static_cast<int64_t>(query_.source) * width, width, vector_gradient);
    gather_back(layer, labels);
}

void training_run::gather_back(int32_t layer, label_group &labels) {
    const int32_t width = network_.width;
    const int64_t row = static_cast<int64_t>(layer) * graph_.label_count * width;
    auto run = [&](const float *const *found, int32_t first, int32_t count) {
        ops_.gather_back(graph_.edges(), sum_gradients_.data(), found, labels.inverse.data() + row, tape_[layer - 1].states.data(), width,
                         first, count, fetches_, state_gradients_.data(), labels.gradients.data() + row);
    };
    for_each_run(
        0, graph_.node_count, losing_back_, [&](int32_t first, int32_t count) { run(nullptr, first, count); },
        [&](int32_t node) { run(rows_without_removed(sum_gradients_.data(), node, inverses_), node, 1); });
}

/* All that the first layer has not reached are alike: the way back is linear in their gradients, so their sum goes it once. */
void training_run::run_first_layer_back(label_group &labels, weight_sums &sums, float *vector_gradient) {
    const int32_t width = network_.width;
    const layer_weights &weights = network_.layers[0];
    const layer_tape &own = tape_[0];
    float_block others = zeros(width);
    for_each_run(
        0, graph_.node_count, reached_,
        [&](int32_t first, int32_t count) {
            for (int32_t node = first; node < first + count; node++) {
                ops_.add_rows(state_gradients_.data() + static_cast<int64_t>(node) * width, width, others.data());
            }
        },
        [](int32_t) {});
    rows_[0] = others.data();
    ops_.update_back(own.h.data() + reached_.size() * width, rows_.data(), weights.scale.data(), weights.shift.data(), network_.epsilon,
                     width, 1, block_.data(), sums.bias.data(), sums.scale.data(), sums.shift.data());
    for_each_block(static_cast<int64_t>(reached_.size()), [&](int32_t first, int32_t count) {
        const int64_t place = static_cast<int64_t>(first) * width;
        for (int32_t i = 0; i < count; i++) {
            rows_[i] = reached_[first + i] == query_.source ? query_.vector : none_.data();
            after_[i] = state_gradients_.data() + static_cast<int64_t>(reached_[first + i]) * width;
        }

        block_back(0, own.h.data() + place, own.sums.data() + place, reached_roots_.data() + first, count, sums,
                   reached_gradients_.data() + place);
    });

    const auto source = std::lower_bound(reached_.begin(), reached_.end(), query_.source) - reached_.begin();
    ops_.add_rows(reached_gradients_.data() + source * width, width, vector_gradient);
    ops_.add_rows(state_gradients_.data() + static_cast<int64_t>(query_.source) * width, width, vector_gradient);
    size_t at = 0;
    for (const sent_edge &edge : sent_) {
        at = static_cast<size_t>(std::lower_bound(reached_.begin() + at, reached_.end(), edge.receiver) - reached_.begin());
        const float *gradient = reached_gradients_.data() + at * width;
        const int64_t label = static_cast<int64_t>(edge.label) * width;
        ops_.add_product(gradient, labels.vectors + label, width, vector_gradient);
        ops_.add_product(gradient, query_.vector, width, labels.gradients.data() + label);
    }
}

}  // namespace gmt::paths
