#include "intern_table.h"

#include <map>
#include <random>

#include "check.h"

/* Every key collides with every other one. */
struct constant_hash {
    uint64_t operator()(std::span<const uint32_t>) const noexcept { return 7; }
};

template <class Hash>
static void numbers_keys_in_the_order_of_their_first_coming(int keys) {
    std::mt19937 random(3);
    gmt::intern_table<Hash> table;
    std::map<std::vector<uint32_t>, int32_t> expected;
    for (int i = 0; i < keys; i++) {
        std::vector<uint32_t> key(random() % 4);
        for (uint32_t &word : key) {
            word = random() % 9;
        }

        const auto [found, added] = expected.emplace(key, static_cast<int32_t>(expected.size()));
        CHECK(table.add(key) == found->second);
    }

    CHECK(table.size() == static_cast<int32_t>(expected.size()));
    for (const auto &[key, id] : expected) {
        CHECK(std::vector<uint32_t>(table.key(id).begin(), table.key(id).end()) == key);
    }
}

int main() {
    numbers_keys_in_the_order_of_their_first_coming<gmt::word_hash>(20000);
    numbers_keys_in_the_order_of_their_first_coming<constant_hash>(3000);
    return 0;
}
