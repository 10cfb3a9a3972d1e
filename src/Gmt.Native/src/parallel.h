#pragma once

#include <algorithm>
#include <cstdint>
#include <exception>
#include <thread>
#include <vector>

namespace gmt {

/* How many parts to cut a piece of work into: one per thread, but none smaller than is worth a thread. */
inline int part_count(int32_t thread_count, int64_t items, int64_t items_worth_a_thread) {
    int64_t threads = thread_count > 0 ? thread_count : std::max(1u, std::thread::hardware_concurrency());
    return static_cast<int>(std::clamp<int64_t>(items / items_worth_a_thread, 1, threads));
}

/*
 * Calls work(part, first, last) for consecutive parts of 0 .. items - 1, each on its own thread. The first exception of any of them is
 * thrown here once all have ended.
 */
template <class Work>
void for_each_part(int parts, int64_t items, Work work) {
    std::vector<std::exception_ptr> failures(parts);
    auto guarded = [&](int part) noexcept {
        try {
            work(part, items * part / parts, items * (part + 1) / parts);
        } catch (...) {
            failures[part] = std::current_exception();
        }
    };

    std::vector<std::thread> threads;
    threads.reserve(parts);
    int started = 1;
    try {
        for (; started < parts; started++) {
            threads.emplace_back(guarded, started);
        }
    } catch (...) {
        // The system gives no more threads: the parts that are left run here.
    }

    guarded(0);
    for (int part = started; part < parts; part++) {
        guarded(part);
    }

    for (std::thread &thread : threads) {
        thread.join();
    }

    for (const std::exception_ptr &failure : failures) {
        if (failure) {
            std::rethrow_exception(failure);
        }
    }
}

}  // namespace gmt
