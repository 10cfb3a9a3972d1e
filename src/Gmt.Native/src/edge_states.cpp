#include <algorithm>
#include <memory>
#include <vector>

#include "gmt.h"
#include "graph_index.h"
#include "guard.h"
#include "number.h"

struct gmt_edge_states {
    int32_t top_k = 0;

    /* The relation, then the context in the order of its ranks. */
    gmt::intern_table<> states;
};

namespace {

/* The state of a (relation, class) pair: its relation and the top_k relations of the class, those that the relation ranks first. */
class state_of_pair {
  public:
    state_of_pair(const gmt_graph_index &index, const uint16_t *rank) : index_(index), rank_(rank) {}

    std::span<const uint32_t> operator()(int64_t pair) {
        const auto [relation, entity_class] = index_.pairs.key(static_cast<int32_t>(pair));
        const uint16_t *places = rank_ + static_cast<size_t>(relation) * index_.relation_count;
        candidates_.clear();
        for (uint32_t word : index_.classes.key(entity_class)) {
            candidates_.push_back(static_cast<uint64_t>(places[word >> 16]) << 32 | word);
        }

        // Every candidate fills at least one place, so more of them than top_k cannot matter.
        const size_t needed = std::min<size_t>(index_.top_k, candidates_.size());
        std::partial_sort(candidates_.begin(), candidates_.begin() + needed, candidates_.end());
        state_.assign(1, static_cast<uint32_t>(relation));
        for (size_t i = 0; i < needed; i++) {
            const size_t room = index_.top_k + 1 - state_.size();
            const size_t copies = std::min<size_t>(candidates_[i] & 0xFFFF, room);
            state_.insert(state_.end(), copies, static_cast<uint32_t>(candidates_[i] >> 16 & 0xFFFF));
        }

        return state_;
    }

  private:
    const gmt_graph_index &index_;
    const uint16_t *rank_;
    std::vector<uint64_t> candidates_;  // rank << 32 | relation << 16 | count
    std::vector<uint32_t> state_;
};

bool in_range(const gmt_graph_index &index, const uint16_t *rank) {
    const size_t relations = index.relation_count;
    return std::all_of(rank, rank + relations * relations, [&](uint16_t place) { return place < relations; });
}

}  // namespace

extern "C" gmt_status gmt_find_edge_states(const gmt_graph_index *index, const uint16_t *rank, int32_t thread_count, int32_t *edge_state,
                                           gmt_edge_states **states) {
    return gmt::guard([&] {
        if (states == nullptr) {
            return GMT_NULL_ARGUMENT;
        }

        *states = nullptr;
        if (index == nullptr || (rank == nullptr && index->relation_count > 0) || (edge_state == nullptr && !index->edge_pair.empty())) {
            return GMT_NULL_ARGUMENT;
        }

        if (thread_count < 0 || !in_range(*index, rank)) {
            return GMT_OUT_OF_RANGE;
        }

        auto result = std::make_unique<gmt_edge_states>();
        result->top_k = index->top_k;

        // Pairs are numbered in the order of the edges: so are the states.
        const int32_t pairs = index->pairs.size();
        const auto pair_state =
            gmt::number(pairs, gmt::part_count(thread_count, pairs, 1 << 12), result->states, [&] { return state_of_pair(*index, rank); });
        const int64_t edges = static_cast<int64_t>(index->edge_pair.size());
        gmt::for_each_part(gmt::part_count(thread_count, edges, 1 << 18), edges, [&](int, int64_t first, int64_t last) {
            for (int64_t edge = first; edge < last; edge++) {
                edge_state[edge] = pair_state[index->edge_pair[edge]];
            }
        });
        *states = result.release();
        return GMT_OK;
    });
}

extern "C" int32_t gmt_edge_state_count(const gmt_edge_states *states) { return states == nullptr ? -1 : states->states.size(); }

extern "C" gmt_status gmt_copy_edge_states(const gmt_edge_states *states, int32_t *state_relation, int32_t *state_context) {
    if (states == nullptr) {
        return GMT_NULL_ARGUMENT;
    }

    const int32_t count = states->states.size();
    if (count > 0 && (state_relation == nullptr || state_context == nullptr)) {
        return GMT_NULL_ARGUMENT;
    }

    for (int32_t state = 0; state < count; state++) {
        const auto key = states->states.key(state);
        int32_t *context = state_context + static_cast<int64_t>(state) * states->top_k;
        state_relation[state] = static_cast<int32_t>(key[0]);
        std::fill(std::copy(key.begin() + 1, key.end(), context), context + states->top_k, -1);
    }

    return GMT_OK;
}

extern "C" void gmt_free_edge_states(gmt_edge_states *states) { delete states; }
