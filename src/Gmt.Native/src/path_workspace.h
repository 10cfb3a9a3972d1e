#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "float_block.h"

namespace gmt::paths {

/* What one thread needs while it answers queries on a graph; used again and again, for fresh memory costs more than many a query. */
struct workspace {
    /* Rows whose product is computed at once: their sums and states stay in the first cache beside the weights. */
    static constexpr int32_t block_rows = 96;

    float_block states[2]; /* [nodes, width] each */
    float_block sums;      /* [block_rows, width] */
    float_block products;  /* [block_rows, columns] */
    float_block hidden_bias;
    std::vector<const float *> before;
    std::vector<float *> after;
    std::vector<const float *> found; /* the rows of a block's edges */

    std::vector<int32_t> changed; /* nodes that differ from the baseline, in the order in which they were found */
    std::vector<int32_t> slots;   /* each node's place among them, or -1; -1 everywhere between queries */
    std::vector<int32_t> rows;    /* nodes to compute in a layer, where they are not a list that is there */
    std::vector<int32_t> reached; /* nodes that an answer depends on, by their distance from it */
    std::vector<uint8_t> marks;   /* what a query knows of a node; 0 everywhere between queries */
    std::vector<int32_t> nodes;   /* 0, 1, 2, ... */
    std::vector<int64_t> removed; /* places of the query's removed edges, ascending */
    std::vector<double> masses;   /* how much of a walk from the source comes to each node; 0 everywhere between queries */
    std::vector<int32_t> met;     /* nodes that the walk has come to and that do not differ from the baseline */
    std::vector<float> scores;    /* [block_rows] */
    std::vector<float> roots;     /* of the degrees of a block's nodes: [block_rows] */

    void fit(int32_t node_count, int32_t width, int32_t columns);
};

/* Workspaces that no thread uses at the moment. */
class workspace_pool {
  public:
    std::unique_ptr<workspace> take();
    void give_back(std::unique_ptr<workspace> done) noexcept;

  private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<workspace>> idle_;
};

}  // namespace gmt::paths
