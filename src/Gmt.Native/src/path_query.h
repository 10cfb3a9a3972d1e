#pragma once

#include <cstdint>
#include <span>

#include "path_condition.h"
#include "path_reach.h"

namespace gmt::paths {

/* Runs a query's layers in a workspace that fits; its states are then there until this object goes. */
class query_run {
  public:
    query_run(const condition &on, workspace &work, const path_query &query);
    query_run(const query_run &) = delete;
    query_run &operator=(const query_run &) = delete;

    /* Of all nodes: [nodes]. */
    void score(float *scores);

    /* Of the query's answer. */
    float score_answer();

    /* [nodes, width]. */
    void copy_states(float *states);

  private:
    void run_layer(int32_t layer);
    void sum_from_source(const int32_t *nodes, int32_t count);
    void gather(int32_t layer, const state_view &before, const int32_t *nodes, int32_t count);
    void find_rows(const state_view &before, const int32_t *nodes, int32_t count);
    void add_start(const int32_t *nodes, int32_t count);
    void find_roots(int32_t layer, const int32_t *nodes, int32_t count);

    const condition &condition_;
    const graph &graph_;
    const network &network_;
    workspace &work_;
    const path_query &query_;
    const bool fetches_;
    query_reach reach_;
    int32_t current_ = 0; /* which of the two blocks of states holds the last ones */
    state_view last_{};
};

}  // namespace gmt::paths
