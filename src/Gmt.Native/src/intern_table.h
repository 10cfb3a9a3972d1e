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
 * Numbers distinct keys (runs of 32-bit words) from 0 in the order in which they first come. Hashes only find candidates; keys are equal when
 * all their words are, so no collision can merge two of them.
 */
template <class Hash = word_hash>
class intern_table {
  public:
    intern_table() : slots_(64, empty) { starts_.push_back(0); }

    int32_t size() const noexcept { return static_cast<int32_t>(starts_.size() - 1); }

    std::span<const uint32_t> key(int32_t id) const noexcept { return {words_.data() + starts_[id], starts_[id + 1] - starts_[id]}; }

    int32_t add(std::span<const uint32_t> words) {
        const uint64_t hash = Hash{}(words);
        const size_t mask = slots_.size() - 1;
        size_t slot = hash & mask;
        for (; slots_[slot] != empty; slot = (slot + 1) & mask) {
            if (hashes_[slots_[slot]] == hash && equal(key(slots_[slot]), words)) {
                return slots_[slot];
            }
        }

        if (starts_.size() > static_cast<size_t>(std::numeric_limits<int32_t>::max())) {
            throw too_large();
        }

        const int32_t id = size();
        words_.insert(words_.end(), words.begin(), words.end());
        hashes_.push_back(hash);
        starts_.push_back(words_.size());
        slots_[slot] = id;
        if (starts_.size() * 2 > slots_.size()) {
            grow();
        }

        return id;
    }

  private:
    static constexpr int32_t empty = -1;

    static bool equal(std::span<const uint32_t> a, std::span<const uint32_t> b) noexcept {
        return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
    }

    void grow() {
        std::vector<int32_t> larger(slots_.size() * 2, empty);
        const size_t mask = larger.size() - 1;
        for (int32_t id = 0; id < size(); id++) {
            size_t slot = hashes_[id] & mask;
            while (larger[slot] != empty) {
                slot = (slot + 1) & mask;
            }

            larger[slot] = id;
        }

        slots_.swap(larger);
    }

    std::vector<int32_t> slots_;     // a power of two of them, at most half in use
    std::vector<uint64_t> hashes_;   // of each id
    std::vector<size_t> starts_;     // of each id's words, and the end
    std::vector<uint32_t> words_;
};

}  // namespace gmt
