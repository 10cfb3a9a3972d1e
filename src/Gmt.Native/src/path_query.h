#pragma once

#include <cstdint>
#include <span>

#include "path_condition.h"

namespace gmt::paths {

struct path_query {
    int32_t source; /* a place, as is the answer */
    const float *vector;
    std::span<const int32_t> removed; /* the caller's numbers of edges */
    int32_t answer;                   /* the one node whose state is asked for, or -1 for all */
    int32_t most_new_nodes;           /* how many more nodes a layer may change; 0 for all */
};

/* Runs a query's layers; its states are then in the workspace until this object goes. */
class query_run {
  public:
    query_run(const condition &on, workspace &work, const path_query &query);
    ~query_run();
    query_run(const query_run &) = delete;
    query_run &operator=(const query_run &) = delete;

    /* Of all nodes: [nodes]. */
    void score(float *scores);

    /* Of the query's answer. */
    float score_answer();

    /* [nodes, width]. */
    void copy_states(float *states);

  private:
    static constexpr uint8_t has_removed = 1, is_reached = 2, is_met = 4;

    void begin();
    void find_removed();
    void reach_from_answer();
    bool grow(bool first);
    void walk(bool first);
    void meet(int32_t node, double mass);
    void add_most_promising();
    std::span<const int32_t> rows_of(int32_t layer);
    bool is_worth_a_copy(int32_t layer) const;
    void run_layer(int32_t layer, const state_view &before, bool dense);
    void sum_from_source(const int32_t *nodes, int32_t count);
    void gather(int32_t layer, const state_view &before, const int32_t *nodes, int32_t count);
    void find_rows(const state_view &before, const int32_t *nodes, int32_t count);
    void add_start(const int32_t *nodes, int32_t count);
    void find_roots(int32_t layer, const int32_t *nodes, int32_t count);
    std::span<const int64_t> removed_of(int32_t node) const;
    void add_changed(int32_t node);

    const condition &condition_;
    const graph &graph_;
    const network &network_;
    workspace &work_;
    const path_query &query_;
    const bool fetches_;
    int32_t current_ = 0;       /* which of the two blocks of states holds the last ones */
    bool dense_ = false;        /* whether all nodes are computed, and no longer the changed ones */
    size_t expanded_ = 0;       /* how many of the changed nodes have had their receivers added */
    std::vector<size_t> reach_; /* reach_[h] of the reached nodes are within h hops of the answer */
    state_view last_{};
};

}  // namespace gmt::paths
