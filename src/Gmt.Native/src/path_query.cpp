#include "path_query.h"

#include <algorithm>
#include <cstring>

#include "path_layer.h"

namespace gmt::paths {
namespace {

/* From this share of changed nodes on, all are computed: no more nodes to find, no slots to look up. */
constexpr double dense_share = 0.7;

const float *row_of(const state_view &states, int32_t node) {
    if (states.slots == nullptr) {
        return states.rows + node * states.stride;
    }

    // Without a branch, which no processor could foresee.
    const uint32_t slot = static_cast<uint32_t>(states.slots[node]);
    const uint64_t changed = uint64_t{0} - static_cast<uint64_t>(slot < states.slot_count);
    const auto rows = reinterpret_cast<uintptr_t>(states.rows), others = reinterpret_cast<uintptr_t>(states.others);
    const uint64_t there = rows + slot * static_cast<uint64_t>(states.stride) * sizeof(float);
    const uint64_t other = others + static_cast<uint64_t>(node) * static_cast<uint64_t>(states.other_stride) * sizeof(float);
    return reinterpret_cast<const float *>((there & changed) | (other & ~changed));
}

}  // namespace

query_run::query_run(const condition &on, workspace &work, const path_query &query)
    : condition_(on), graph_(on.on()), network_(on.by()), work_(work), query_(query), fetches_(on.fetches()) {
    work_.fit(graph_.node_count, network_.width, network_.columns());
    find_removed();
    begin();
    for (int32_t layer = 0; layer < network_.layer_count(); layer++) {
        const state_view before = last_;
        if (query_.most_new_nodes > 0) {
            walk(layer == 0);
            run_layer(layer, before, false);
        } else {
            run_layer(layer, before, dense_ || (!grow(layer == 0) && layer > 0));
        }
    }
}

query_run::~query_run() {
    for (const int32_t node : work_.changed) {
        work_.slots[node] = -1;
        work_.marks[node] = 0;
        work_.masses[node] = 0;
    }

    for (const int32_t node : work_.met) {
        work_.marks[node] = 0;
        work_.masses[node] = 0;
    }

    for (const int32_t node : work_.reached) {
        work_.marks[node] = 0;
    }

    for (const int64_t place : work_.removed) {
        work_.marks[graph_.receiver_of[place]] = 0;
    }

    work_.changed.clear();
    work_.met.clear();
    work_.reached.clear();
    work_.removed.clear();
}

void query_run::begin() {
    work_.changed.reserve(graph_.node_count);
    work_.reached.reserve(graph_.node_count);
    work_.met.reserve(query_.most_new_nodes > 0 ? graph_.node_count : 0);
    work_.rows.reserve(graph_.node_count);
    if (query_.answer >= 0) {
        reach_from_answer();
    }

    for (const int64_t place : work_.removed) {
        work_.marks[graph_.receiver_of[place]] |= has_removed;
    }

    add_changed(query_.source);
    std::copy_n(query_.vector, network_.width, work_.states[0].data());
    const state_view nothing = condition_.baseline(0);
    last_ = {work_.states[0].data(), network_.width, work_.slots.data(), 1, nothing.rows, nothing.stride};
}

void query_run::find_removed() {
    for (const int32_t edge : query_.removed) {
        work_.removed.push_back(graph_.place_of_edge[edge]);
    }

    std::sort(work_.removed.begin(), work_.removed.end());
    work_.removed.erase(std::unique(work_.removed.begin(), work_.removed.end()), work_.removed.end());
}

/* An answer's state after the last layer depends on that of nodes within h hops h layers before. */
void query_run::reach_from_answer() {
    auto add = [&](int32_t node) {
        if ((work_.marks[node] & is_reached) == 0) {
            work_.marks[node] |= is_reached;
            work_.reached.push_back(node);
        }
    };

    add(query_.answer);
    reach_.push_back(1);
    size_t next = 0;
    while (static_cast<int32_t>(reach_.size()) < network_.layer_count()) {
        for (const size_t end = work_.reached.size(); next < end && work_.reached.size() < work_.nodes.size(); next++) {
            const int64_t first = graph_.receivers[work_.reached[next]].first;
            const int64_t last = graph_.receivers[work_.reached[next]].last;
            for (int64_t edge = first; edge < last; edge++) {
                add(graph_.senders[edge]);
            }
        }

        reach_.push_back(work_.reached.size());
    }
}

void query_run::add_changed(int32_t node) {
    if (work_.slots[node] < 0) {
        work_.slots[node] = static_cast<int32_t>(work_.changed.size());
        work_.changed.push_back(node);
    }
}

/* Adds what the changed nodes send to; false, perhaps too early to have found all, where so many change that it is better to compute all.
 */
bool query_run::grow(bool first) {
    const size_t limit = first ? graph_.node_count : static_cast<size_t>(dense_share * graph_.node_count);
    const size_t end = work_.changed.size();
    for (; expanded_ < end && work_.changed.size() <= limit; expanded_++) {
        const int32_t sender = work_.changed[expanded_];
        for (int64_t edge = graph_.sent_offsets[sender]; edge < graph_.sent_offsets[sender + 1]; edge++) {
            add_changed(graph_.sent[edge].receiver);
        }
    }

    for (size_t i = 0; first && i < work_.removed.size(); i++) {
        add_changed(graph_.receiver_of[work_.removed[i]]);
    }

    return work_.changed.size() <= limit;
}

std::span<const int32_t> query_run::rows_of(int32_t layer) {
    if (query_.answer < 0) {
        return dense_ ? std::span<const int32_t>(work_.nodes) : work_.changed;
    }

    const std::span<const int32_t> needed(work_.reached.data(), reach_[network_.layer_count() - 1 - layer]);
    if (dense_) {
        return needed;
    }

    work_.rows.clear();
    for (const int32_t node : needed) {
        if (work_.slots[node] >= 0) {
            work_.rows.push_back(node);
        }
    }

    return work_.rows;
}

/*
 * Whether the next layer reads so many rows that it is cheaper to copy the baseline of all nodes than to look up for each edge whether its
 * sender has changed.
 */
bool query_run::is_worth_a_copy(int32_t layer) const {
    constexpr int64_t lookups_worth_a_row = 8;
    if (layer + 1 == network_.layer_count()) {
        return false;
    }

    const int64_t nodes = graph_.node_count;
    int64_t rows = query_.answer < 0 ? nodes : static_cast<int64_t>(reach_[network_.layer_count() - 2 - layer]), receivers = 0;
    for (const int32_t node : work_.changed) {
        receivers += 1 + graph_.sent_offsets[node + 1] - graph_.sent_offsets[node];
    }

    rows = std::min(rows, receivers);
    return rows * graph_.edge_count() > lookups_worth_a_row * nodes * nodes;
}

void query_run::run_layer(int32_t layer, const state_view &before, bool dense) {
    dense_ = dense;
    current_ = 1 - current_;
    const int32_t width = network_.width;
    float *after = work_.states[current_].data();
    const std::span<const int32_t> rows = rows_of(layer);
    const bool copies = !dense_ && is_worth_a_copy(layer), by_node = dense_ || copies;
    if (copies) {
        const state_view others = condition_.baseline(layer + 1);
        for (int32_t node = 0; node < graph_.node_count; node++) {
            std::memcpy(after + static_cast<int64_t>(node) * width, row_of(others, node), width * sizeof(float));
        }
    }

    for_each_block(static_cast<int64_t>(rows.size()), [&](int64_t first, int32_t count) {
        const int32_t *nodes = rows.data() + first;
        if (layer == 0) {
            sum_from_source(nodes, count);
        } else {
            gather(layer, before, nodes, count);
        }

        add_start(nodes, count);
        for (int32_t i = 0; i < count; i++) {
            work_.before[i] = row_of(before, nodes[i]);
            work_.after[i] = after + static_cast<int64_t>(by_node ? nodes[i] : work_.slots[nodes[i]]) * width;
        }

        find_roots(layer, nodes, count);

        finish_block(network_, layer, work_, count);
    });
    last_ = {after, width, nullptr, 0, nullptr, 0};
    if (!by_node) {
        const state_view others = condition_.baseline(layer + 1);
        last_ = {after, width, work_.slots.data(), static_cast<uint32_t>(work_.changed.size()), others.rows, others.stride};
    }
}

/* In the first layer all states but the source's are 0. */
void query_run::sum_from_source(const int32_t *nodes, int32_t count) {
    const int32_t width = network_.width;
    const auto begin = graph_.sent.begin() + graph_.sent_offsets[query_.source];
    const auto end = graph_.sent.begin() + graph_.sent_offsets[query_.source + 1];
    std::fill_n(work_.sums.data(), static_cast<size_t>(count) * width, 0.0f);
    auto edge = begin;
    for (int32_t i = 0; i < count; i++) {
        if (edge == end || edge->receiver != nodes[i]) {
            edge = std::lower_bound(begin, end, nodes[i], [](const sent_edge &a, int32_t node) { return a.receiver < node; });
        }

        for (; edge != end && edge->receiver == nodes[i]; ++edge) {
            if (!std::binary_search(work_.removed.begin(), work_.removed.end(), edge->place)) {
                network_.ops->add_product(query_.vector, condition_.label_vectors(0) + static_cast<int64_t>(edge->label) * width, width,
                                          work_.sums.data() + static_cast<int64_t>(i) * width);
            }
        }
    }
}

void query_run::gather(int32_t layer, const state_view &before, const int32_t *nodes, int32_t count) {
    const edge_view edges = graph_.edges();
    const float *weights = condition_.label_vectors(layer);
    if (before.slots != nullptr) {
        find_rows(before, nodes, count);
        network_.ops->gather(edges, before, work_.found.data(), weights, network_.width, nodes, count, fetches_, work_.sums.data());
        return;
    }

    network_.ops->gather(edges, before, nullptr, weights, network_.width, nodes, count, fetches_, work_.sums.data());
    for (int32_t i = 0; i < count && !work_.removed.empty(); i++) {
        if ((work_.marks[nodes[i]] & has_removed) != 0) {
            find_rows(before, nodes + i, 1);
            network_.ops->gather(edges, before, work_.found.data(), weights, network_.width, nodes + i, 1, fetches_,
                                 work_.sums.data() + static_cast<int64_t>(i) * network_.width);
        }
    }
}

/* The rows that the edges of some nodes read: zeros for removed edges. */
void query_run::find_rows(const state_view &before, const int32_t *nodes, int32_t count) {
    size_t edges = edges_ahead;
    for (int32_t i = 0; i < count; i++) {
        edges += graph_.receivers[nodes[i]].last - graph_.receivers[nodes[i]].first;
    }

    const float *zeros = condition_.baseline(0).rows;
    work_.found.resize(std::max(work_.found.size(), edges));
    const float **next = work_.found.data();
    for (int32_t i = 0; i < count; i++) {
        const receiver_edges &own = graph_.receivers[nodes[i]];
        const float **const first = next;
        for (int64_t place = own.first; place < own.last; place++) {
            *next++ = row_of(before, graph_.senders[place]);
        }

        if ((work_.marks[nodes[i]] & has_removed) != 0) {
            for (const int64_t place : removed_of(nodes[i])) {
                first[place - own.first] = zeros;
            }
        }
    }

    std::fill_n(next, edges_ahead, zeros);
}

std::span<const int64_t> query_run::removed_of(int32_t node) const {
    const receiver_edges &own = graph_.receivers[node];
    return {std::lower_bound(work_.removed.begin(), work_.removed.end(), own.first),
            std::lower_bound(work_.removed.begin(), work_.removed.end(), own.last)};
}

void query_run::add_start(const int32_t *nodes, int32_t count) {
    const int32_t *at = std::find(nodes, nodes + count, query_.source);
    if (at != nodes + count) {
        float *sum = work_.sums.data() + (at - nodes) * network_.width;
        std::transform(sum, sum + network_.width, query_.vector, sum, [](float a, float b) { return a + b; });
    }
}

void query_run::find_roots(int32_t layer, const int32_t *nodes, int32_t count) {
    for (int32_t i = 0; network_.layers[layer].degrees.size() > 0 && i < count; i++) {
        const receiver_edges &own = graph_.receivers[nodes[i]];
        const bool loses = (work_.marks[nodes[i]] & has_removed) != 0;
        work_.roots[i] = root_of_degree(own.last - own.first - (loses ? static_cast<int64_t>(removed_of(nodes[i]).size()) : 0));
    }
}

void query_run::score(float *scores) {
    if (!dense_) {
        const auto baseline = condition_.baseline_scores(query_.vector);
        std::copy(baseline->begin(), baseline->end(), scores);
    }

    network_.find_hidden_bias(query_.vector, work_.hidden_bias.data());

    const std::span<const int32_t> rows = dense_ ? work_.nodes : work_.changed;
    for_each_block(static_cast<int64_t>(rows.size()), [&](int64_t first, int32_t count) {
        for (int32_t i = 0; i < count; i++) {
            work_.before[i] = row_of(last_, rows[first + i]);
        }

        score_block(network_, work_, count);
        for (int32_t i = 0; i < count; i++) {
            scores[graph_.node_at[rows[first + i]]] = work_.scores[i];
        }
    });
}

float query_run::score_answer() {
    work_.before[0] = row_of(last_, query_.answer);
    network_.find_hidden_bias(query_.vector, work_.hidden_bias.data());
    score_block(network_, work_, 1);
    return work_.scores[0];
}

void query_run::copy_states(float *states) {
    for (int32_t node = 0; node < graph_.node_count; node++) {
        std::copy_n(row_of(last_, node), network_.width, states + static_cast<int64_t>(graph_.node_at[node]) * network_.width);
    }
}

}  // namespace gmt::paths
