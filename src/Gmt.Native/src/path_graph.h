#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "path_ops.h"
#include "path_workspace.h"

namespace gmt::paths {

/* What a sender sends to: its edges once more, sorted by sender, receiver, label. */
struct sent_edge {
    int32_t receiver, label;
    int64_t place; /* among the edges by receiver */
};

/*
 * A graph laid out for message passing. Nodes and edges have numbers of the caller's and places here. Nodes stand by the groups of their
 * edges, so that many loops in a row run equally often, which processors foresee; edges stand by receiver, then as receiver_edges says.
 */
struct graph {
    int32_t node_count = 0, label_count = 0;

    std::vector<receiver_edges> receivers;
    std::vector<int32_t> senders; /* and edges_ahead more */
    std::vector<int32_t> group_labels;

    std::vector<int64_t> sent_offsets; /* [nodes + 1] */
    std::vector<sent_edge> sent;

    std::vector<int32_t> place_of_node, node_at;
    std::vector<int64_t> place_of_edge;
    std::vector<int32_t> receiver_of; /* of the edge at each place */
    mutable workspace_pool workspaces;

    int64_t edge_count() const { return static_cast<int64_t>(receiver_of.size()); }

    /* Whether states of a width are too large for a second cache, so that rows are to be asked for before they are needed. */
    bool fetches(int32_t width) const { return static_cast<int64_t>(node_count) * width > 200000; }

    edge_view edges() const { return {receivers.data(), senders.data(), group_labels.data()}; }
};

std::shared_ptr<const graph> make_graph(int32_t node_count, int32_t label_count, const int64_t *offsets, const int32_t *senders,
                                        const int32_t *labels);

}  // namespace gmt::paths

struct gmt_path_graph {
    std::shared_ptr<const gmt::paths::graph> shared;
};
