#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "intern_table.h"

namespace gmt {

/* Two numbers of 31 bits, as one key. */
struct pair_key {
    int32_t first;
    int32_t second;

    bool operator==(const pair_key &) const = default;
};

/*
 * Numbers distinct pairs from 0 in the order in which they first come: as intern_table does, for keys that are small enough to stand in the
 * table itself, so that a look-up costs one miss of the cache.
 */
class pair_table {
  public:
    pair_table() : slots_(64) {}

    int32_t size() const noexcept { return static_cast<int32_t>(keys_.size()); }

    pair_key key(int32_t id) const noexcept { return keys_[id]; }

    int32_t add(pair_key key) {
        const size_t at = find(slots_, key);
        if (slots_[at].id >= 0) {
            return slots_[at].id;
        }

        if (keys_.size() == static_cast<size_t>(std::numeric_limits<int32_t>::max())) {
            throw too_large();
        }

        const int32_t id = size();
        keys_.push_back(key);
        slots_[at] = {key, id};
        if (keys_.size() * 2 > slots_.size()) {
            grow();
        }

        return id;
    }

    /* Takes over another table's pairs; the number here of each of its own. */
    std::vector<int32_t> add_all(const pair_table &other) {
        std::vector<int32_t> ids(other.size());
        for (int32_t id = 0; id < other.size(); id++) {
            ids[id] = add(other.keys_[id]);
        }

        return ids;
    }

  private:
    struct slot {
        pair_key key{0, 0};
        int32_t id = -1;
    };

    /* The slot that holds the key, or the empty one where it belongs. */
    static size_t find(const std::vector<slot> &slots, pair_key key) noexcept {
        const size_t mask = slots.size() - 1;
        uint64_t hash =
            (static_cast<uint64_t>(static_cast<uint32_t>(key.first)) << 32 | static_cast<uint32_t>(key.second)) * 0x9E3779B97F4A7C15u;
        size_t at = (hash ^ hash >> 32) & mask;
        while (slots[at].id >= 0 && !(slots[at].key == key)) {
            at = (at + 1) & mask;
        }

        return at;
    }

    void grow() {
        std::vector<slot> larger(slots_.size() * 2);
        for (int32_t id = 0; id < size(); id++) {
            larger[find(larger, keys_[id])] = {keys_[id], id};
        }

        slots_.swap(larger);
    }

    std::vector<slot> slots_;  // a power of two of them, at most half in use
    std::vector<pair_key> keys_;
};

}  // namespace gmt
