#include <algorithm>

#include "path_layer.h"
#include "path_query.h"

/* What a query's nodes receive in a layer. */
namespace gmt::paths {

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
            if (!reach_.is_removed(*edge)) {
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
    for (int32_t i = 0; i < count && !query_.removed.empty(); i++) {
        if (!reach_.removed_of(nodes[i]).empty()) {
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

        for (const int64_t place : reach_.removed_of(nodes[i])) {
            first[place - own.first] = zeros;
        }
    }

    std::fill_n(next, edges_ahead, zeros);
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
        work_.roots[i] = root_of_degree(own.last - own.first - static_cast<int64_t>(reach_.removed_of(nodes[i]).size()));
    }
}

}  // namespace gmt::paths
