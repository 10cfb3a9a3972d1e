#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "path_graph.h"

namespace gmt::paths {

struct path_query {
    int32_t source; /* a place, as is the answer */
    const float *vector;
    std::span<const int32_t> removed; /* the caller's numbers of edges */
    int32_t answer;                   /* the one node whose state is asked for, or -1 for all */
    int32_t most_new_nodes;           /* how many more nodes a layer may change; 0 for all */
};

/*
 * Which nodes a query changes, layer by layer, and which of them it computes. What it knows of nodes is in the workspace until this object
 * goes.
 */
class query_reach {
  public:
    query_reach(const graph &on, workspace &work, const path_query &query, int32_t layer_count);
    ~query_reach();
    query_reach(const query_reach &) = delete;
    query_reach &operator=(const query_reach &) = delete;

    /* Finds the nodes that the next layer changes. */
    void next_layer();

    /* Whether all nodes are computed, and no longer the changed ones. */
    bool is_dense() const { return dense_; }

    /* The changed nodes, or all. */
    std::span<const int32_t> changed() const { return dense_ ? work_.nodes : work_.changed; }

    /* Those that a layer computes. */
    std::span<const int32_t> rows_of(int32_t layer);

    /*
     * Whether the layer after this one reads so many rows that it is cheaper to copy the baseline of all nodes than to look up for each
     * edge whether its sender has changed.
     */
    bool is_worth_a_copy(int32_t layer) const;

    bool is_removed(const sent_edge &edge) const {
        return loses_edges(edge.receiver) && std::binary_search(work_.removed.begin(), work_.removed.end(), edge.place);
    }

    /* The places of removed edges that a node receives over, ascending. */
    std::span<const int64_t> removed_of(int32_t node) const;

  private:
    static constexpr uint8_t has_removed = 1, is_reached = 2, is_met = 4;

    bool loses_edges(int32_t node) const { return (work_.marks[node] & has_removed) != 0; }
    void find_removed();
    void reach_from_answer();
    void add_changed(int32_t node);
    void grow();
    void walk();
    void meet(int32_t node, double mass);
    void add_most_promising();

    const graph &graph_;
    workspace &work_;
    const path_query &query_;
    const int32_t layer_count_;
    bool dense_ = false;
    size_t expanded_ = 0;        /* how many of the changed nodes have had their receivers added; 0 before the first layer */
    std::vector<size_t> within_; /* within_[h] of the reached nodes are within h hops of the answer */
};

}  // namespace gmt::paths
