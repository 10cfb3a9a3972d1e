#include "path_reach.h"

namespace gmt::paths {
namespace {

/* From this share of changed nodes on, all are computed: no more nodes to find, no slots to look up. */
constexpr double dense_share = 0.7;

}  // namespace

query_reach::query_reach(const graph &on, workspace &work, const path_query &query, int32_t layer_count)
    : graph_(on), work_(work), query_(query), layer_count_(layer_count) {
    work_.changed.reserve(graph_.node_count);
    work_.reached.reserve(graph_.node_count);
    work_.met.reserve(query_.most_new_nodes > 0 ? graph_.node_count : 0);
    work_.rows.reserve(graph_.node_count);
    find_removed();
    if (query_.answer >= 0) {
        reach_from_answer();
    }

    add_changed(query_.source);
}

query_reach::~query_reach() {
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

void query_reach::find_removed() {
    for (const int32_t edge : query_.removed) {
        work_.removed.push_back(graph_.place_of_edge[edge]);
    }

    std::sort(work_.removed.begin(), work_.removed.end());
    work_.removed.erase(std::unique(work_.removed.begin(), work_.removed.end()), work_.removed.end());
    for (const int64_t place : work_.removed) {
        work_.marks[graph_.receiver_of[place]] |= has_removed;
    }
}

/* An answer's state after the last layer depends on that of nodes within h hops h layers before. */
void query_reach::reach_from_answer() {
    auto add = [&](int32_t node) {
        if ((work_.marks[node] & is_reached) == 0) {
            work_.marks[node] |= is_reached;
            work_.reached.push_back(node);
        }
    };

    add(query_.answer);
    within_.push_back(1);
    size_t next = 0;
    while (static_cast<int32_t>(within_.size()) < layer_count_) {
        for (const size_t end = work_.reached.size(); next < end && work_.reached.size() < work_.nodes.size(); next++) {
            const int64_t first = graph_.receivers[work_.reached[next]].first;
            const int64_t last = graph_.receivers[work_.reached[next]].last;
            for (int64_t edge = first; edge < last; edge++) {
                add(graph_.senders[edge]);
            }
        }

        within_.push_back(work_.reached.size());
    }
}

void query_reach::add_changed(int32_t node) {
    if (work_.slots[node] < 0) {
        work_.slots[node] = static_cast<int32_t>(work_.changed.size());
        work_.changed.push_back(node);
    }
}

void query_reach::next_layer() {
    if (query_.most_new_nodes > 0) {
        walk();
    } else if (!dense_) {
        grow();
    }
}

/* Adds what the changed nodes send to, perhaps not all of it where so many change that it is better to compute all. */
void query_reach::grow() {
    const bool first = expanded_ == 0;
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

    dense_ = work_.changed.size() > limit;
}

std::span<const int32_t> query_reach::rows_of(int32_t layer) {
    if (query_.answer < 0) {
        return changed();
    }

    const std::span<const int32_t> needed(work_.reached.data(), within_[layer_count_ - 1 - layer]);
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

bool query_reach::is_worth_a_copy(int32_t layer) const {
    constexpr int64_t lookups_worth_a_row = 8;
    if (layer + 1 == layer_count_) {
        return false;
    }

    const int64_t nodes = graph_.node_count;
    int64_t rows = query_.answer < 0 ? nodes : static_cast<int64_t>(within_[layer_count_ - 2 - layer]), receivers = 0;
    for (const int32_t node : work_.changed) {
        receivers += 1 + graph_.sent_offsets[node + 1] - graph_.sent_offsets[node];
    }

    rows = std::min(rows, receivers);
    return rows * graph_.edge_count() > lookups_worth_a_row * nodes * nodes;
}

std::span<const int64_t> query_reach::removed_of(int32_t node) const {
    if (!loses_edges(node)) {
        return {};
    }

    const receiver_edges &own = graph_.receivers[node];
    return {std::lower_bound(work_.removed.begin(), work_.removed.end(), own.first),
            std::lower_bound(work_.removed.begin(), work_.removed.end(), own.last)};
}

}  // namespace gmt::paths
