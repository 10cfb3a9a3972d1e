#include <cstring>
#include <set>
#include <string>

#include "check.h"
#include "gmt.h"

static void every_status_has_its_own_words() {
    std::set<std::string> messages;
    for (int32_t status = GMT_OK; status <= GMT_UNEXPECTED; status++) {
        messages.insert(gmt_status_message(status));
    }

    CHECK(messages.size() == GMT_UNEXPECTED + 1);
    CHECK(std::strcmp(gmt_status_message(-7), gmt_status_message(99)) == 0);
    CHECK(messages.count(gmt_status_message(99)) == 0);
}

static void wrong_arguments_are_statuses() {
    const int64_t offsets[] = {0, 1, 2};
    const int32_t relations[] = {0, 1}, neighbors[] = {1, 0};
    gmt_graph_index *index = nullptr;
    auto make = [&](int32_t entities, int32_t relation_count, int32_t top_k, const int64_t *o, const int32_t *r, const int32_t *n,
                    int32_t threads) {
        const gmt_status status = gmt_index_graph(entities, relation_count, top_k, o, r, n, threads, &index);
        CHECK((index != nullptr) == (status == GMT_OK));
        if (status == GMT_OK) {
            gmt_free_graph_index(index);
        }

        return status;
    };

    CHECK(make(2, 2, 1, offsets, relations, neighbors, 0) == GMT_OK);
    CHECK(gmt_index_graph(2, 2, 1, offsets, relations, neighbors, 0, nullptr) == GMT_NULL_ARGUMENT);
    CHECK(make(2, 2, 1, nullptr, relations, neighbors, 0) == GMT_NULL_ARGUMENT);
    CHECK(make(2, 2, 1, offsets, nullptr, neighbors, 0) == GMT_NULL_ARGUMENT);
    CHECK(make(2, 2, 1, offsets, relations, nullptr, 0) == GMT_NULL_ARGUMENT);
    CHECK(make(-1, 2, 1, offsets, relations, neighbors, 0) == GMT_OUT_OF_RANGE);
    CHECK(make(2, 65536, 1, offsets, relations, neighbors, 0) == GMT_OUT_OF_RANGE);
    CHECK(make(2, 2, 0, offsets, relations, neighbors, 0) == GMT_OUT_OF_RANGE);
    CHECK(make(2, 2, 65536, offsets, relations, neighbors, 0) == GMT_OUT_OF_RANGE);
    CHECK(make(2, 2, 1, offsets, relations, neighbors, -1) == GMT_OUT_OF_RANGE);
    CHECK(make(2, 1, 1, offsets, relations, neighbors, 0) == GMT_OUT_OF_RANGE);

    const int32_t negative[] = {0, -1};
    CHECK(make(2, 2, 1, offsets, negative, neighbors, 0) == GMT_OUT_OF_RANGE);
    CHECK(make(2, 2, 1, offsets, relations, negative, 0) == GMT_OUT_OF_RANGE);
    const int64_t late[] = {1, 1, 2}, falling[] = {0, 3, 2};
    CHECK(make(2, 2, 1, late, relations, neighbors, 0) == GMT_OUT_OF_RANGE);
    CHECK(make(2, 2, 1, falling, relations, neighbors, 0) == GMT_OUT_OF_RANGE);
}

static void wrong_ranks_are_statuses() {
    const int64_t offsets[] = {0, 1, 2};
    const int32_t relations[] = {0, 1}, neighbors[] = {1, 0};
    gmt_graph_index *index = nullptr;
    CHECK(gmt_index_graph(2, 2, 1, offsets, relations, neighbors, 1, &index) == GMT_OK);
    const uint16_t outside[] = {0, 1, 2, 0}, rank[] = {0, 1, 1, 0};
    int32_t edge_state[2];
    gmt_edge_states *states = nullptr;
    CHECK(gmt_find_edge_states(index, outside, 1, edge_state, &states) == GMT_OUT_OF_RANGE && states == nullptr);
    CHECK(gmt_find_edge_states(index, nullptr, 1, edge_state, &states) == GMT_NULL_ARGUMENT && states == nullptr);
    CHECK(gmt_find_edge_states(index, rank, 1, nullptr, &states) == GMT_NULL_ARGUMENT && states == nullptr);
    CHECK(gmt_find_edge_states(nullptr, rank, 1, edge_state, &states) == GMT_NULL_ARGUMENT && states == nullptr);
    CHECK(gmt_find_edge_states(index, rank, 1, edge_state, nullptr) == GMT_NULL_ARGUMENT);
    CHECK(gmt_find_edge_states(index, rank, -1, edge_state, &states) == GMT_OUT_OF_RANGE);
    CHECK(gmt_find_edge_states(index, rank, 1, edge_state, &states) == GMT_OK);
    int32_t relation[2];
    CHECK(gmt_copy_edge_states(states, nullptr, relation) == GMT_NULL_ARGUMENT);
    CHECK(gmt_copy_edge_states(states, relation, nullptr) == GMT_NULL_ARGUMENT);
    gmt_free_edge_states(states);
    gmt_free_graph_index(index);
    CHECK(gmt_edge_state_count(nullptr) == -1);
    CHECK(gmt_copy_edge_states(nullptr, relation, relation) == GMT_NULL_ARGUMENT);
    gmt_free_edge_states(nullptr);
    gmt_free_graph_index(nullptr);
}

int main() {
    CHECK(gmt_abi_version() == GMT_ABI_VERSION);
    every_status_has_its_own_words();
    wrong_arguments_are_statuses();
    wrong_ranks_are_statuses();
    return 0;
}
