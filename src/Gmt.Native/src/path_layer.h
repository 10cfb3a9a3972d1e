#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "path_condition.h"

namespace gmt::paths {

/* A node's row of states. */
inline const float *row_of(const state_view &states, int32_t node) {
    if (states.slots == nullptr) {
        return states.rows + node * states.stride;
    }

    // Without a branch, which no processor could foresee.
    const uint32_t slot = static_cast<uint32_t>(states.slots[node]);
    const uint64_t changed = uint64_t{0} - static_cast<uint64_t>(slot < states.slot_count);
    const auto rows = reinterpret_cast<uintptr_t>(states.rows), others = reinterpret_cast<uintptr_t>(states.others);
    const uint64_t there = rows + slot * static_cast<uint64_t>(states.stride) * sizeof(float);
    const uint64_t other = others + static_cast<uint64_t>(node) * static_cast<uint64_t>(states.other_stride) * sizeof(float);
    return reinterpret_cast<const float *>((there & changed) | (other & ~changed));
}

/* 1 / sqrt of a degree, which counts as 1 at least. */
inline float root_of_degree(int64_t degree) { return 1 / std::sqrt(static_cast<float>(degree > 1 ? degree : 1)); }

/* The rest of a layer for a block of rows whose sums, previous states, places and, where it is used, roots of degrees are in the workspace.
 */
inline void finish_block(const network &by, int32_t layer, workspace &work, int32_t count) {
    const layer_weights &weights = by.layers[layer];
    if (weights.degrees.size() > 0) {
        by.ops->scale(work.sums.data(), work.roots.data(), weights.degrees.data(), by.width, count, work.sums.data());
    }

    by.ops->multiply(work.before.data(), work.sums.data(), by.width, weights.linear.data(), weights.bias.data(), by.width, count,
                     work.products.data());
    by.ops->update(work.products.data(), work.before.data(), weights.scale.data(), weights.shift.data(), by.epsilon, by.width, count,
                   work.after.data());
}

/* The scores of a block of rows whose states are in the workspace, as is the readout's bias for the query's vector. */
inline void score_block(const network &by, workspace &work, int32_t count) {
    by.ops->multiply(work.before.data(), nullptr, by.width, by.hidden_state.data(), work.hidden_bias.data(), by.hidden, count,
                     work.products.data());
    by.ops->score(work.products.data(), by.output_weight.data(), by.output_bias, by.hidden, count, work.scores.data());
}

/* Calls work(first, count) for consecutive blocks of so many rows. */
template <class Work>
void for_each_block(int64_t rows, Work work) {
    for (int64_t first = 0; first < rows; first += workspace::block_rows) {
        work(first, static_cast<int32_t>(rows - first < workspace::block_rows ? rows - first : workspace::block_rows));
    }
}

/* Calls whole(first, count) for runs of nodes first .. first + count - 1 that are not among the special ones, and special(node) for these.
 */
template <class Whole, class Special>
void for_each_run(int32_t first, int32_t count, const std::vector<int32_t> &nodes, Whole whole, Special special) {
    const int32_t end = first + count;
    for (auto next = std::lower_bound(nodes.begin(), nodes.end(), first); next != nodes.end() && *next < end; ++next) {
        if (*next > first) {
            whole(first, *next - first);
        }

        special(*next);
        first = *next + 1;
    }

    if (first < end) {
        whole(first, end - first);
    }
}

}  // namespace gmt::paths
