#include "parallel.h"

#include <atomic>
#include <new>
#include <stdexcept>

#include "check.h"
#include "guard.h"

static void parts_cover_everything_once_and_in_order() {
    for (int parts : {1, 2, 3, 7}) {
        for (int64_t items : {0, 1, 5, 100}) {
            std::vector<std::atomic<int>> seen(items);
            std::vector<int64_t> firsts(parts);
            gmt::for_each_part(parts, items, [&](int part, int64_t first, int64_t last) {
                firsts[part] = first;
                for (int64_t item = first; item < last; item++) {
                    seen[item]++;
                }
            });
            CHECK(std::all_of(seen.begin(), seen.end(), [](const auto &count) { return count == 1; }));
            CHECK(std::is_sorted(firsts.begin(), firsts.end()));
        }
    }
}

static void exceptions_of_any_thread_become_statuses() {
    for (int failing : {0, 2}) {
        auto fail_with = [&](auto exception) {
            return gmt::guard([&] {
                gmt::for_each_part(3, 30, [&](int part, int64_t, int64_t) {
                    if (part == failing) {
                        throw exception;
                    }
                });
                return GMT_OK;
            });
        };
        CHECK(fail_with(std::bad_alloc()) == GMT_OUT_OF_MEMORY);
        CHECK(fail_with(gmt::too_large()) == GMT_TOO_LARGE);
        CHECK(fail_with(std::runtime_error("x")) == GMT_UNEXPECTED);
    }
}

int main() {
    parts_cover_everything_once_and_in_order();
    exceptions_of_any_thread_become_statuses();
    CHECK(gmt::part_count(8, 10, 100) == 1);
    CHECK(gmt::part_count(8, 1000, 100) == 8);
    CHECK(gmt::part_count(2, 1000, 100) == 2);
    return 0;
}
