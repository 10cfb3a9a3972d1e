#pragma once

#include <cstdint>
#include <vector>

#include "intern_table.h"
#include "pair_table.h"

/*
 * What of a graph decides its edge states, whatever the ranks: the classes of its entities and the (relation, class) pairs of its edges.
 */
struct gmt_graph_index {
    int32_t relation_count = 0;
    int32_t top_k = 0;

    /* Each class as words: relation << 16 | count, in ascending order of relations, count at most top_k. */
    gmt::intern_table<> classes;

    /* The distinct pairs, numbered as they first occur over the edges: (relation, class). */
    gmt::pair_table pairs;

    std::vector<int32_t> edge_pair;
};
