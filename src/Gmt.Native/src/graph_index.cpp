#include "graph_index.h"

#include <algorithm>
#include <memory>

#include "gmt.h"
#include "guard.h"
#include "number.h"

namespace {

struct adjacency {
    int32_t entity_count;
    int32_t relation_count;
    const int64_t *offsets;
    const int32_t *relations;
    const int32_t *neighbors;

    int64_t edge_count() const noexcept { return offsets[entity_count]; }
};

bool in_range(const adjacency &graph) {
    if (graph.offsets[0] != 0) {
        return false;
    }

    for (int32_t entity = 0; entity < graph.entity_count; entity++) {
        if (graph.offsets[entity + 1] < graph.offsets[entity]) {
            return false;
        }
    }

    for (int64_t edge = 0; edge < graph.edge_count(); edge++) {
        // As unsigned numbers, negative ones are too large.
        if (static_cast<uint32_t>(graph.relations[edge]) >= static_cast<uint32_t>(graph.relation_count) ||
            static_cast<uint32_t>(graph.neighbors[edge]) >= static_cast<uint32_t>(graph.entity_count)) {
            return false;
        }
    }

    return true;
}

/* The class of an entity: how often each relation occurs at it, up to top_k. */
class histogram {
  public:
    histogram(const adjacency &graph, int32_t top_k) : graph_(graph), top_k_(top_k), counts_(graph.relation_count, 0) {}

    std::span<const uint32_t> operator()(int64_t entity) {
        words_.clear();
        for (int64_t edge = graph_.offsets[entity]; edge < graph_.offsets[entity + 1]; edge++) {
            const uint32_t relation = static_cast<uint32_t>(graph_.relations[edge]);
            if (counts_[relation] == 0) {
                words_.push_back(relation);
            }

            counts_[relation] = std::min(counts_[relation] + 1, top_k_);
        }

        std::sort(words_.begin(), words_.end());
        for (uint32_t &word : words_) {
            const uint32_t relation = word;
            word = relation << 16 | static_cast<uint32_t>(counts_[relation]);
            counts_[relation] = 0;
        }

        return words_;
    }

  private:
    const adjacency &graph_;
    const int32_t top_k_;
    std::vector<int32_t> counts_;
    std::vector<uint32_t> words_;
};

void build(const adjacency &graph, int32_t thread_count, gmt_graph_index &index) {
    const int parts = gmt::part_count(thread_count, graph.edge_count(), 1 << 16);
    const auto entity_class = gmt::number(graph.entity_count, parts, index.classes, [&] { return histogram(graph, index.top_k); });
    index.edge_pair = gmt::number(graph.edge_count(), parts, index.pairs, [&] {
        return [&](int64_t edge) { return gmt::pair_key{graph.relations[edge], entity_class[graph.neighbors[edge]]}; };
    });
}

}  // namespace

extern "C" gmt_status gmt_index_graph(int32_t entity_count, int32_t relation_count, int32_t top_k, const int64_t *offsets,
                                      const int32_t *relations, const int32_t *neighbors, int32_t thread_count, gmt_graph_index **index) {
    return gmt::guard([&] {
        if (index == nullptr) {
            return GMT_NULL_ARGUMENT;
        }

        *index = nullptr;
        if (offsets == nullptr) {
            return GMT_NULL_ARGUMENT;
        }

        if (entity_count < 0 || relation_count < 0 || relation_count > 65535 || top_k < 1 || top_k > 65535 || thread_count < 0) {
            return GMT_OUT_OF_RANGE;
        }

        const adjacency graph{entity_count, relation_count, offsets, relations, neighbors};
        if (graph.edge_count() > 0 && (relations == nullptr || neighbors == nullptr)) {
            return GMT_NULL_ARGUMENT;
        }

        if (!in_range(graph)) {
            return GMT_OUT_OF_RANGE;
        }

        auto result = std::make_unique<gmt_graph_index>();
        result->relation_count = relation_count;
        result->top_k = top_k;
        build(graph, thread_count, *result);
        *index = result.release();
        return GMT_OK;
    });
}

extern "C" void gmt_free_graph_index(gmt_graph_index *index) { delete index; }
