#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "check.h"
#include "gmt.h"

namespace {

struct graph {
    int32_t entities, relations, top_k;
    std::vector<int64_t> offsets;
    std::vector<int32_t> relation, neighbor;
    std::vector<uint16_t> rank;
};

struct states {
    std::vector<int32_t> edge_state, relation, context;
    bool operator==(const states &) const = default;
};

graph random_graph(std::mt19937 &random, int32_t entities, int32_t relations, int32_t top_k, int64_t edges) {
    graph g{entities, relations, top_k, std::vector<int64_t>(entities + 1), {}, {}, {}};
    for (int64_t i = 0; i < edges; i++) {
        g.offsets[random() % entities * (random() % 2) + 1]++;  // half of all edges at the first entity: a hub
    }

    for (int32_t e = 0; e < entities; e++) {
        g.offsets[e + 1] += g.offsets[e];
    }

    for (int64_t i = 0; i < edges; i++) {
        g.relation.push_back(static_cast<int32_t>(random() % relations * (random() % 3 > 0)));
        g.neighbor.push_back(static_cast<int32_t>(random() % entities));
    }

    std::vector<uint16_t> order(relations);
    for (int32_t r = 0; r < relations; r++) {
        for (int32_t j = 0; j < relations; j++) {
            order[j] = static_cast<uint16_t>(j);
        }

        std::shuffle(order.begin(), order.end(), random);
        g.rank.insert(g.rank.end(), order.begin(), order.end());
    }

    return g;
}

states by_kernel(const graph &g, int32_t threads) {
    gmt_graph_index *index = nullptr;
    gmt_edge_states *found = nullptr;
    states result;
    result.edge_state.resize(g.relation.size());
    CHECK(gmt_index_graph(g.entities, g.relations, g.top_k, g.offsets.data(), g.relation.data(), g.neighbor.data(), threads, &index) ==
          GMT_OK);
    CHECK(gmt_find_edge_states(index, g.rank.data(), threads, result.edge_state.data(), &found) == GMT_OK);
    result.relation.resize(gmt_edge_state_count(found));
    result.context.resize(result.relation.size() * g.top_k);
    CHECK(gmt_copy_edge_states(found, result.relation.data(), result.context.data()) == GMT_OK);
    gmt_free_edge_states(found);
    gmt_free_graph_index(index);
    return result;
}

/* The definition, edge by edge: sort all relations of the neighbor's edges by rank and keep the first top_k. */
states by_definition(const graph &g) {
    states result;
    std::map<std::vector<int32_t>, int32_t> known;
    for (size_t edge = 0; edge < g.relation.size(); edge++) {
        const int32_t r = g.relation[edge], n = g.neighbor[edge];
        std::vector<int32_t> around(g.relation.begin() + g.offsets[n], g.relation.begin() + g.offsets[n + 1]);
        std::sort(around.begin(), around.end(), [&](int32_t a, int32_t b) {
            const size_t row = static_cast<size_t>(r) * g.relations;
            return std::pair(g.rank[row + a], a) < std::pair(g.rank[row + b], b);
        });
        around.resize(g.top_k, -1);
        std::vector<int32_t> key{r};
        key.insert(key.end(), around.begin(), around.end());
        const auto [found, added] = known.emplace(key, static_cast<int32_t>(known.size()));
        if (added) {
            result.relation.push_back(r);
            result.context.insert(result.context.end(), around.begin(), around.end());
        }

        result.edge_state.push_back(found->second);
    }

    return result;
}

void kernel_follows_the_definition_on_any_number_of_threads() {
    std::mt19937 random(11);
    for (int i = 0; i < 300; i++) {
        const int32_t entities = 1 + static_cast<int32_t>(random() % 30), relations = 1 + static_cast<int32_t>(random() % 12);
        const graph g =
            random_graph(random, entities, relations, 1 + static_cast<int32_t>(random() % 9), static_cast<int64_t>(random() % 120));
        const states expected = by_definition(g);
        CHECK(by_kernel(g, 1) == expected);
        CHECK(by_kernel(g, 0) == expected);
    }
}

/* Large enough that several threads really share the work: 65,536 edges a thread. */
void many_edges_give_the_same_on_one_thread_and_on_three() {
    std::mt19937 random(12);
    const graph g = random_graph(random, 20000, 40, 8, 300000);
    CHECK(by_kernel(g, 1) == by_kernel(g, 3));
}

void small_cases_by_hand() {
    // Entity 0 has relations {0, 0, 1}, entity 1 has {1}, entity 2 none but is reached from 0.
    const graph g{3, 2, 2, {0, 3, 4, 4}, {0, 0, 1, 1}, {1, 1, 2, 0}, {0, 1, 1, 0}};
    const states s = by_kernel(g, 1);
    CHECK((s.edge_state == std::vector<int32_t>{0, 0, 1, 2}));
    CHECK((s.relation == std::vector<int32_t>{0, 1, 1}));
    CHECK((s.context == std::vector<int32_t>{1, -1, -1, -1, 1, 0}));  // relation 1 ranks itself before 0

    const graph nothing{0, 0, 1, {0}, {}, {}, {}};
    CHECK(by_kernel(nothing, 0).relation.empty());
}

}  // namespace

int main() {
    small_cases_by_hand();
    kernel_follows_the_definition_on_any_number_of_threads();
    many_edges_give_the_same_on_one_thread_and_on_three();
    return 0;
}
