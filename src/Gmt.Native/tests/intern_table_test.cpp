#include "intern_table.h"

#include <map>
#include <random>

#include "check.h"
#include "pair_table.h"

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

static void takes_over_the_keys_of_another_table() {
    gmt::intern_table<> one, other;
    const uint32_t a[] = {1}, b[] = {1, 2}, c[] = {3};
    one.add(a);
    one.add(b);
    other.add(c);
    other.add(b);
    CHECK((one.add_all(other) == std::vector<int32_t>{2, 1}));
    CHECK(one.size() == 3 && one.key(2)[0] == 3);
}

static void pairs_are_numbered_likewise() {
    std::mt19937 random(5);
    gmt::pair_table table, other;
    std::map<std::pair<int32_t, int32_t>, int32_t> expected;
    for (int i = 0; i < 20000; i++) {
        const gmt::pair_key key{static_cast<int32_t>(random() % 50), static_cast<int32_t>(random() % 70)};
        const auto [found, added] = expected.emplace(std::pair(key.first, key.second), static_cast<int32_t>(expected.size()));
        CHECK(table.add(key) == found->second);
    }

    CHECK(table.size() == static_cast<int32_t>(expected.size()));
    other.add({-1, -1});
    other.add(table.key(7));
    CHECK((table.add_all(other) == std::vector<int32_t>{static_cast<int32_t>(expected.size()), 7}));
}

int main() {
    takes_over_the_keys_of_another_table();
    pairs_are_numbered_likewise();
    numbers_keys_in_the_order_of_their_first_coming<gmt::word_hash>(20000);
    numbers_keys_in_the_order_of_their_first_coming<constant_hash>(3000);
    return 0;
}
