#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "gmt.h"

/* What callers of path models give, looked at before anything is computed. */
namespace gmt::paths {

/* Whether ids are all in 0 .. limit - 1. */
inline bool in_range(const int32_t *ids, int64_t count, int64_t limit) {
    return std::all_of(ids, ids + count, [&](int32_t id) { return id >= 0 && id < limit; });
}

/*
 * What is wrong with the edges that queries go without, GMT_OK where nothing is: offsets [count + 1] say where those of each query begin
 * in every one of the lists; null where no query goes without any.
 */
inline gmt_status check_removed(const int64_t *offsets, int64_t count, std::initializer_list<const int32_t *> lists, int64_t edge_count) {
    if (offsets == nullptr) {
        return GMT_OK;
    }

    if (offsets[0] != 0 || !std::is_sorted(offsets, offsets + count + 1)) {
        return GMT_OUT_OF_RANGE;
    }

    const int64_t removed = offsets[count];
    if (removed > 0 && std::any_of(lists.begin(), lists.end(), [](const int32_t *edges) { return edges == nullptr; })) {
        return GMT_NULL_ARGUMENT;
    }

    return std::all_of(lists.begin(), lists.end(), [&](const int32_t *edges) { return in_range(edges, removed, edge_count); })
               ? GMT_OK
               : GMT_OUT_OF_RANGE;
}

}  // namespace gmt::paths
