#include "path_training_run.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "path_layer.h"

namespace gmt::paths {

label_group::label_group(const float *label_vectors, const int32_t *inverse_labels, const graph &on, const network &by)
    : vectors(label_vectors) {
    const size_t width = by.width, labels = on.label_count;
    inverse = float_block(by.layers.size() * labels * width);
    gradients = zeros(by.layers.size() * labels * width);
    for (size_t row = 0; row < by.layers.size() * labels; row++) {
        const size_t other = row / labels * labels + static_cast<size_t>(inverse_labels[row % labels]);
        std::copy_n(vectors + other * width, width, inverse.data() + row * width);
    }
}

void label_group::add_to(float *sums, const int32_t *inverse_labels, const graph &on, const network &by) const {
    const size_t width = by.width, labels = on.label_count;
    for (size_t row = 0; row < by.layers.size() * labels; row++) {
        const size_t other = row < labels ? row : row / labels * labels + static_cast<size_t>(inverse_labels[row % labels]);
        by.ops->add_rows(gradients.data() + row * width, static_cast<int64_t>(width), sums + other * width);
    }
}

training_run::training_run(const graph &on, const trained_network &by)
    : graph_(on), trained_(by), network_(*by.forward), ops_(*network_.ops), fetches_(on.fetches(by.forward->width)) {
    const size_t width = network_.width, hidden = network_.hidden;
    tape_.resize(network_.layers.size());
    for (size_t layer = 0; layer < tape_.size(); layer++) {
        tape_[layer].states = float_block(floats());
        if (layer > 0) {
            tape_[layer].sums = float_block(floats());
            tape_[layer].h = float_block(floats());
        }
    }

    nodes_.resize(graph_.node_count);
    std::iota(nodes_.begin(), nodes_.end(), 0);
    roots_.resize(graph_.node_count, 1);
    rows_.resize(block_rows);
    after_.resize(block_rows);
    none_ = zeros(width);
    block_ = float_block(block_rows * width);
    messages_ = float_block(block_rows * width);
    hidden_ = float_block(block_rows * hidden);
    hidden_bias_ = float_block(hidden);
    hidden_gradient_ = float_block(block_rows * hidden);
    state_gradients_ = float_block(floats());
    sum_gradients_ = float_block(floats());
}

void training_run::forward(const training_query &query, const float *label_vectors, float *results) {
    query_ = query;
    find_removed(query.removed, removed_, losing_);
    find_removed(query.inverses, inverses_, losing_back_);
    find_roots();
    find_reached();
    run_first_layer(label_vectors);
    for (int32_t layer = 1; layer < network_.layer_count(); layer++) {
        run_layer(layer, label_vectors);
    }

    if (network_.hidden > 0) {
        score(results);
        return;
    }

    const float *states = tape_.back().states.data();
    for (int32_t node = 0; node < graph_.node_count; node++) {
        const int64_t width = network_.width;
        std::copy_n(states + node * width, width, results + graph_.node_at[node] * width);
    }
}

void training_run::find_removed(const std::span<const int32_t> &edges, std::vector<int64_t> &places, std::vector<int32_t> &nodes) const {
    places.clear();
    nodes.clear();
    for (const int32_t edge : edges) {
        places.push_back(graph_.place_of_edge[edge]);
    }

    std::sort(places.begin(), places.end());
    for (const int64_t place : places) {
        if (nodes.empty() || nodes.back() != graph_.receiver_of[place]) {
            nodes.push_back(graph_.receiver_of[place]);
        }
    }
}

void training_run::find_roots() {
    if (!has_degrees()) {
        return;
    }

    for (int32_t node = 0; node < graph_.node_count; node++) {
        roots_[node] = root_of_degree(graph_.receivers[node].last - graph_.receivers[node].first);
    }

    for (const int32_t node : losing_) {
        const receiver_edges &own = graph_.receivers[node];
        const auto first = std::lower_bound(removed_.begin(), removed_.end(), own.first);
        const auto last = std::lower_bound(removed_.begin(), removed_.end(), own.last);
        roots_[node] = root_of_degree(own.last - own.first - (last - first));
    }
}

/* The source and whom it sends to. */
void training_run::find_reached() {
    sent_.clear();
    reached_.assign(1, query_.source);
    for (int64_t i = graph_.sent_offsets[query_.source]; i < graph_.sent_offsets[query_.source + 1]; i++) {
        if (!std::binary_search(removed_.begin(), removed_.end(), graph_.sent[i].place)) {
            sent_.push_back(graph_.sent[i]);
            reached_.push_back(graph_.sent[i].receiver);
        }
    }

    std::sort(reached_.begin(), reached_.end());
    reached_.erase(std::unique(reached_.begin(), reached_.end()), reached_.end());
    const size_t width = network_.width, rows = reached_.size();
    layer_tape &first = tape_[0];
    if (first.sums.size() < rows * width) {
        first.sums = float_block(rows * width);
        first.h = float_block((rows + 1) * width);
        reached_gradients_ = float_block(rows * width);
    }

    reached_roots_.resize(rows);
    for (size_t i = 0; i < rows; i++) {
        reached_roots_[i] = roots_[reached_[i]];
    }
}

const float *const *training_run::rows_without_removed(const float *rows, int32_t node, const std::vector<int64_t> &removed) {
    const receiver_edges &own = graph_.receivers[node];
    found_.resize(std::max(found_.size(), static_cast<size_t>(own.last - own.first + edges_ahead)));
    for (int64_t place = own.first; place < own.last; place++) {
        found_[place - own.first] = rows + static_cast<int64_t>(graph_.senders[place]) * network_.width;
    }

    for (auto next = std::lower_bound(removed.begin(), removed.end(), own.first); next != removed.end() && *next < own.last; ++next) {
        found_[*next - own.first] = none_.data();
    }

    std::fill_n(found_.begin() + (own.last - own.first), edges_ahead, none_.data());
    return found_.data();
}

/* P of a block of rows: their sums, by the factor of their degree. */
const float *training_run::messages(const layer_weights &weights, const float *sums, const float *roots, int32_t count) {
    if (!has_degrees()) {
        return sums;
    }

    ops_.scale(sums, roots, weights.degrees.data(), network_.width, count, messages_.data());
    return messages_.data();
}

/* All states are 0 but the source's, so only whom it sends to hears anything, and all others come to be alike. */
void training_run::run_first_layer(const float *label_vectors) {
    const int32_t width = network_.width;
    const layer_weights &weights = network_.layers[0];
    layer_tape &own = tape_[0];
    std::fill_n(own.sums.data(), reached_.size() * width, 0.0f);
    size_t at = 0;
    for (const sent_edge &edge : sent_) {
        at = static_cast<size_t>(std::lower_bound(reached_.begin() + at, reached_.end(), edge.receiver) - reached_.begin());
        ops_.add_product(query_.vector, label_vectors + static_cast<int64_t>(edge.label) * width, width, own.sums.data() + at * width);
    }

    const auto source = std::lower_bound(reached_.begin(), reached_.end(), query_.source) - reached_.begin();
    float *of_source = own.sums.data() + source * width;
    std::transform(of_source, of_source + width, query_.vector, of_source, [](float a, float b) { return a + b; });

    float *others_h = own.h.data() + reached_.size() * width;
    std::copy_n(weights.bias.data(), width, others_h);
    rows_[0] = none_.data();
    after_[0] = own.states.data();
    ops_.update(others_h, rows_.data(), weights.scale.data(), weights.shift.data(), network_.epsilon, width, 1, after_.data());
    for (int32_t node = 1; node < graph_.node_count; node++) {
        std::memcpy(own.states.data() + static_cast<int64_t>(node) * width, own.states.data(), width * sizeof(float));
    }

    for_each_block(static_cast<int64_t>(reached_.size()), [&](int32_t first, int32_t count) {
        for (int32_t i = 0; i < count; i++) {
            rows_[i] = reached_[first + i] == query_.source ? query_.vector : none_.data();
            after_[i] = own.states.data() + static_cast<int64_t>(reached_[first + i]) * width;
        }

        float *h = own.h.data() + static_cast<int64_t>(first) * width;
        const float *p = messages(weights, own.sums.data() + static_cast<int64_t>(first) * width, reached_roots_.data() + first, count);
        ops_.multiply(rows_.data(), p, width, weights.linear.data(), weights.bias.data(), width, count, h);
        ops_.update(h, rows_.data(), weights.scale.data(), weights.shift.data(), network_.epsilon, width, count, after_.data());
    });
}

void training_run::run_layer(int32_t layer, const float *label_vectors) {
    const int32_t width = network_.width;
    const layer_weights &weights = network_.layers[layer];
    layer_tape &own = tape_[layer];
    for_each_block(graph_.node_count, [&](int32_t first, int32_t count) {
        const int64_t place = static_cast<int64_t>(first) * width;
        float *sums = own.sums.data() + place, *h = own.h.data() + place;
        gather(layer, label_vectors, first, count, sums);
        for (int32_t i = 0; i < count; i++) {
            rows_[i] = tape_[layer - 1].states.data() + place + static_cast<int64_t>(i) * width;
            after_[i] = own.states.data() + place + static_cast<int64_t>(i) * width;
        }

        const float *p = messages(weights, sums, roots_.data() + first, count);
        ops_.multiply(rows_.data(), p, width, weights.linear.data(), weights.bias.data(), width, count, h);
        ops_.update(h, rows_.data(), weights.scale.data(), weights.shift.data(), network_.epsilon, width, count, after_.data());
    });
}

void training_run::gather(int32_t layer, const float *label_vectors, int32_t first, int32_t count, float *sums) {
    const int32_t width = network_.width;
    const float *states = tape_[layer - 1].states.data();
    const float *vectors = label_vectors + static_cast<int64_t>(layer) * graph_.label_count * width;
    const state_view view{states, width, nullptr, 0, nullptr, 0};
    auto run = [&](const float *const *found, int32_t from, int32_t nodes) {
        ops_.gather(graph_.edges(), view, found, vectors, width, nodes_.data() + from, nodes, fetches_,
                    sums + static_cast<int64_t>(from - first) * width);
    };
    for_each_run(
        first, count, losing_, [&](int32_t from, int32_t nodes) { run(nullptr, from, nodes); },
        [&](int32_t node) { run(rows_without_removed(states, node, removed_), node, 1); });
    if (query_.source >= first && query_.source < first + count) {
        ops_.add_rows(query_.vector, width, sums + static_cast<int64_t>(query_.source - first) * width);
    }
}

void training_run::score(float *scores) {
    network_.find_hidden_bias(query_.vector, hidden_bias_.data());
    const int32_t width = network_.width;
    float of_block[block_rows];
    for_each_block(graph_.node_count, [&](int32_t first, int32_t count) {
        for (int32_t i = 0; i < count; i++) {
            rows_[i] = tape_.back().states.data() + static_cast<int64_t>(first + i) * width;
        }

        ops_.multiply(rows_.data(), nullptr, width, network_.hidden_state.data(), hidden_bias_.data(), network_.hidden, count,
                      hidden_.data());
        ops_.score(hidden_.data(), network_.output_weight.data(), network_.output_bias, network_.hidden, count, of_block);
        for (int32_t i = 0; i < count; i++) {
            scores[graph_.node_at[first + i]] = of_block[i];
        }
    });
}

}  // namespace gmt::paths
