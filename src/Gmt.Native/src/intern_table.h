#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <span>
#include <stdexcept>
#include <vector>

namespace gmt {

/* Thrown where ids run out. */
struct too_large : std::length_error {
    too_large() : std::length_error("more than 2^31 - 1 distinct keys") {}
};

/* A 64-bit hash of 32-bit words, for tables only: splitmix's finalizer over a multiplied sum. */
struct word_hash {
    uint64_t operator()(std::span<const uint32_t> words) const noexcept {
        uint64_t state = words.size();
        for (uint32_t word : words) {
            state = (state ^ word) * 0x9E3779B97F4A7C15u;
            state ^= state >> 29;
        }

        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9u;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EBu;
        return state ^ (state >> 31);
    }
};

/*
 * Numbers distinct keys (runs of 32-bit words) from 0 in the order in which they first come. Hashes only find candidates; keys are equal
 * when all their words are, so no collision can merge two of them.
 */
template <class Hash = word_hash>
class intern_table {
  public:
    intern_table() : slots_(64), starts_{0} {}

    int32_t size() const noexcept { return static_cast<int32_t>(hashes_.size()); }

    std::span<const uint32_t> key(int32_t id) const noexcept { return {words_.data() + starts_[id], starts_[id + 1] - starts_[id]}; }

    int32_t add(std::span<const uint32_t> words) { return add(words, Hash{}(words)); }

    /* Takes over another table's keys; the number here of each of its own. */
    std::vector<int32_t> add_all(const intern_table &other) {
        std::vector<int32_t> ids(other.size());
        for (int32_t id = 0; id < other.size(); id++) {
            ids[id] = add(other.key(id), other.hashes_[id]);
        }

        return ids;
    }

  private:
    /* Part of the hash stands beside the id, so that most other keys are told apart without a look at them. */
    struct slot {
        uint32_t tag = 0;
        int32_t id = -1;
    };

    int32_t add(std::span<const uint32_t> words, uint64_t hash) {
        const size_t mask = slots_.size() - 1;
        const uint32_t tag = static_cast<uint32_t>(hash >> 32);
        size_t at = hash & mask;
        for (; slots_[at].id >= 0; at = (at + 1) & mask) {
            if (slots_[at].tag == tag && equal(key(slots_[at].id), words)) {
                return slots_[at].id;
            }
        }

        if (hashes_.size() == static_cast<size_t>(std::numeric_limits<int32_t>::max())) {
            throw too_large();
        }

        const int32_t id = size();
        words_.insert(words_.end(), words.begin(), words.end());
        starts_.push_back(words_.size());
        hashes_.push_back(hash);
        slots_[at] = {tag, id};
        if (hashes_.size() * 2 > slots_.size()) {
            grow();
        }

        return id;
    }

    static bool equal(std::span<const uint32_t> a, std::span<const uint32_t> b) noexcept {
        return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
    }

    void grow() {
        std::vector<slot> larger(slots_.size() * 2);
        const size_t mask = larger.size() - 1;
        for (int32_t id = 0; id < size(); id++) {
            size_t at = hashes_[id] & mask;
            while (larger[at].id >= 0) {
                at = (at + 1) & mask;
            }

            larger[at] = {static_cast<uint32_t>(hashes_[id] >> 32), id};
        }

        slots_.swap(larger);
    }

    std::vector<slot> slots_;       // a power of two of them, at most half in use
    std::vector<uint64_t> hashes_;  // of each id
    std::vector<size_t> starts_;    // of each id's words, and the end of all
    std::vector<uint32_t> words_;
};

}  // namespace gmt
