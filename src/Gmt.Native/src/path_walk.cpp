#include <algorithm>

#include "path_reach.h"

/* Which nodes a query with a limit changes: those that a random walk from its source most probably comes to. */
namespace gmt::paths {

void query_reach::meet(int32_t node, double mass) {
    work_.masses[node] += mass;
    if (work_.slots[node] < 0 && (work_.marks[node] & is_met) == 0) {
        work_.marks[node] |= is_met;
        work_.met.push_back(node);
    }
}

/* Lets the nodes that changed last hand on their masses, and adds the most promising of those met so far. */
void query_reach::walk() {
    const bool first = expanded_ == 0;
    if (first) {
        work_.masses[query_.source] = 1;
    }

    auto loses = [&](const sent_edge &edge) { return is_removed(edge); };
    for (const size_t end = work_.changed.size(); expanded_ < end; expanded_++) {
        const int32_t node = work_.changed[expanded_];
        const auto from = graph_.sent.begin() + graph_.sent_offsets[node], to = graph_.sent.begin() + graph_.sent_offsets[node + 1];
        const int64_t left = (to - from) - (work_.removed.empty() ? 0 : std::count_if(from, to, loses));
        const double share = left > 0 ? work_.masses[node] / static_cast<double>(left) : 0;
        for (auto edge = from; edge != to; ++edge) {
            meet(edge->receiver, !work_.removed.empty() && is_removed(*edge) ? 0 : share);
        }
    }

    for (size_t i = 0; first && i < work_.removed.size(); i++) {
        meet(graph_.receiver_of[work_.removed[i]], 0);
    }

    add_most_promising();
}

void query_reach::add_most_promising() {
    std::vector<int32_t> &met = work_.met;
    auto is_better = [&](int32_t a, int32_t b) {
        const double mass = work_.masses[a], other = work_.masses[b];
        return mass != other ? mass > other : graph_.node_at[a] < graph_.node_at[b];
    };
    auto end = met.begin() + std::min<int64_t>(query_.most_new_nodes, static_cast<int64_t>(met.size()));
    if (end != met.end()) {
        std::nth_element(met.begin(), end, met.end(), is_better);
    }

    // What a removed edge no longer sends cannot wait.
    end = std::partition(end, met.end(), [&](int32_t node) { return loses_edges(node); });
    std::sort(met.begin(), end, is_better);
    for (auto node = met.begin(); node != end; ++node) {
        work_.marks[*node] &= static_cast<uint8_t>(~is_met);
        add_changed(*node);
    }

    met.erase(met.begin(), end);
}

}  // namespace gmt::paths
