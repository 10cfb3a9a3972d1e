#include "path_case.h"

namespace {

const int64_t offsets[] = {0, 1, 2};
const int32_t senders[] = {1, 0}, labels[] = {0, 1};

gmt_status make_graph(int32_t nodes, int32_t label_count, const int64_t *o, const int32_t *s, const int32_t *l) {
    gmt_path_graph *graph = nullptr;
    const gmt_status status = gmt_make_path_graph(nodes, label_count, o, s, l, &graph);
    CHECK((graph != nullptr) == (status == GMT_OK));
    gmt_free_path_graph(graph);
    return status;
}

void wrong_graphs_are_statuses() {
    CHECK(make_graph(2, 2, offsets, senders, labels) == GMT_OK);
    CHECK(gmt_make_path_graph(2, 2, offsets, senders, labels, nullptr) == GMT_NULL_ARGUMENT);
    CHECK(make_graph(2, 2, nullptr, senders, labels) == GMT_NULL_ARGUMENT);
    CHECK(make_graph(2, 2, offsets, nullptr, labels) == GMT_NULL_ARGUMENT);
    CHECK(make_graph(2, 2, offsets, senders, nullptr) == GMT_NULL_ARGUMENT);
    CHECK(make_graph(0, 2, offsets, senders, labels) == GMT_OUT_OF_RANGE);
    CHECK(make_graph(2, 1, offsets, senders, labels) == GMT_OUT_OF_RANGE);
    CHECK(make_graph(2, -1, offsets, senders, labels) == GMT_OUT_OF_RANGE);
    const int32_t outside[] = {1, 2}, negative[] = {0, -1};
    CHECK(make_graph(2, 2, offsets, outside, labels) == GMT_OUT_OF_RANGE);
    CHECK(make_graph(2, 2, offsets, negative, labels) == GMT_OUT_OF_RANGE);
    CHECK(make_graph(2, 2, offsets, senders, negative) == GMT_OUT_OF_RANGE);
    const int64_t late[] = {1, 1, 2}, falling[] = {0, 3, 2}, huge[] = {0, 0, int64_t{1} << 31};
    CHECK(make_graph(2, 2, late, senders, labels) == GMT_OUT_OF_RANGE);
    CHECK(make_graph(2, 2, falling, senders, labels) == GMT_OUT_OF_RANGE);
    CHECK(make_graph(2, 2, huge, senders, labels) == GMT_TOO_LARGE);
    const int64_t none[] = {0, 0};
    CHECK(make_graph(1, 0, none, nullptr, nullptr) == GMT_OK);
}

template <class Change>
gmt_status network_with(const path_case &c, Change change, int32_t instructions = GMT_USE_BEST) {
    gmt_path_weights weights = c.weights();
    change(weights);
    gmt_path_network *network = nullptr;
    const gmt_status status = gmt_make_path_network(&weights, instructions, &network);
    CHECK((network != nullptr) == (status == GMT_OK));
    gmt_free_path_network(network);
    return status;
}

void wrong_networks_are_statuses() {
    std::mt19937 random(1);
    const path_case c = random_case(random, 2, 2, 16, 1, 16, 0);
    auto same = [](gmt_path_weights &) {};
    CHECK(network_with(c, same) == GMT_OK);
    CHECK(network_with(c, same, -1) == GMT_OUT_OF_RANGE);
    CHECK(network_with(c, same, 4) == GMT_OUT_OF_RANGE);
    CHECK(gmt_make_path_network(nullptr, 0, nullptr) == GMT_NULL_ARGUMENT);
    gmt_path_network *network = nullptr;
    CHECK(gmt_make_path_network(nullptr, 0, &network) == GMT_NULL_ARGUMENT);
    CHECK(network_with(c, [](auto &w) { w.linear = nullptr; }) == GMT_NULL_ARGUMENT);
    CHECK(network_with(c, [](auto &w) { w.output_weight = nullptr; }) == GMT_NULL_ARGUMENT);
    CHECK(network_with(c, [](auto &w) { w.hidden = 0, w.output_weight = nullptr; }) == GMT_OK);
    for (const int32_t width : {-16, 0, 8, 24, 1040}) {
        CHECK(network_with(c, [&](auto &w) { w.width = width; }) == GMT_OUT_OF_RANGE);
        CHECK(width == 0 || network_with(c, [&](auto &w) { w.hidden = width; }) == GMT_OUT_OF_RANGE);
    }

    CHECK(network_with(c, [](auto &w) { w.layer_count = 0; }) == GMT_OUT_OF_RANGE);
    CHECK(network_with(c, [](auto &w) { w.epsilon = 0; }) == GMT_OUT_OF_RANGE);
    CHECK(network_with(c, [](auto &w) { w.epsilon = NAN; }) == GMT_OUT_OF_RANGE);
}

void wrong_queries_are_statuses() {
    std::mt19937 random(2);
    const path_case c = random_case(random, 2, 2, 16, 1, 16, 0);
    const gmt_path_weights weights = c.weights();
    gmt_path_graph *graph = nullptr;
    gmt_path_network *network = nullptr;
    gmt_path_condition *condition = nullptr;
    CHECK(gmt_make_path_graph(2, 2, offsets, senders, labels, &graph) == GMT_OK);
    CHECK(gmt_make_path_network(&weights, GMT_USE_BEST, &network) == GMT_OK);
    const float *vectors = c.label_vectors.data(), *start = c.start_vectors.data();
    CHECK(gmt_make_path_condition(nullptr, network, vectors, &condition) == GMT_NULL_ARGUMENT && condition == nullptr);
    CHECK(gmt_make_path_condition(graph, nullptr, vectors, &condition) == GMT_NULL_ARGUMENT);
    CHECK(gmt_make_path_condition(graph, network, nullptr, &condition) == GMT_NULL_ARGUMENT);
    CHECK(gmt_make_path_condition(graph, network, vectors, nullptr) == GMT_NULL_ARGUMENT);
    CHECK(gmt_make_path_condition(graph, network, vectors, &condition) == GMT_OK);

    const int32_t source[] = {1}, zero[] = {0}, two[] = {2}, negative[] = {-1};
    const int64_t one_removed[] = {0, 1}, late[] = {1, 1};
    float scores[2], states[32];
    auto score = [&](auto change, int32_t threads = 1) {
        gmt_path_queries queries{1, source, start, nullptr, nullptr, nullptr, 0};
        change(queries);
        const gmt_status status = gmt_score_paths(condition, &queries, threads, scores);
        if (queries.answers == nullptr) {
            CHECK(gmt_find_path_states(condition, &queries, threads, states) == status);
        }

        return status;
    };

    CHECK(score([](auto &) {}) == GMT_OK);
    CHECK(score([](auto &) {}, -1) == GMT_OUT_OF_RANGE);
    CHECK(score([](auto &q) { q.count = -1; }) == GMT_OUT_OF_RANGE);
    CHECK(score([](auto &q) { q = {}; }) == GMT_OK);
    CHECK(score([](auto &q) { q.sources = nullptr; }) == GMT_NULL_ARGUMENT);
    CHECK(score([](auto &q) { q.vectors = nullptr; }) == GMT_NULL_ARGUMENT);
    CHECK(score([&](auto &q) { q.sources = two; }) == GMT_OUT_OF_RANGE);
    CHECK(score([&](auto &q) { q.answers = negative; }) == GMT_OUT_OF_RANGE);
    CHECK(score([&](auto &q) { q.most_new_nodes = -1; }) == GMT_OUT_OF_RANGE);
    CHECK(score([&](auto &q) { q.removed_offsets = one_removed; }) == GMT_NULL_ARGUMENT);
    CHECK(score([&](auto &q) { q.removed_offsets = late, q.removed_edges = zero; }) == GMT_OUT_OF_RANGE);
    CHECK(score([&](auto &q) { q.removed_offsets = one_removed, q.removed_edges = two; }) == GMT_OUT_OF_RANGE);
    CHECK(score([&](auto &q) { q.removed_offsets = one_removed, q.removed_edges = zero; }) == GMT_OK);
    gmt_path_queries answered{1, source, start, zero, nullptr, nullptr, 0};
    CHECK(gmt_find_path_states(condition, &answered, 1, states) == GMT_OUT_OF_RANGE);
    CHECK(gmt_score_paths(nullptr, &answered, 1, scores) == GMT_NULL_ARGUMENT);
    CHECK(gmt_score_paths(condition, nullptr, 1, scores) == GMT_NULL_ARGUMENT);
    CHECK(gmt_score_paths(condition, &answered, 1, nullptr) == GMT_NULL_ARGUMENT);
    gmt_free_path_condition(condition);

    gmt_path_weights mute = weights;
    mute.hidden = 0;
    gmt_path_network *without_readout = nullptr;
    CHECK(gmt_make_path_network(&mute, GMT_USE_BEST, &without_readout) == GMT_OK);
    CHECK(gmt_make_path_condition(graph, without_readout, vectors, &condition) == GMT_OK);
    CHECK(gmt_score_paths(condition, &answered, 1, scores) == GMT_OUT_OF_RANGE);
    gmt_free_path_condition(condition);
    gmt_free_path_network(without_readout);
    gmt_free_path_network(network);
    gmt_free_path_graph(graph);
    gmt_free_path_condition(nullptr);
    gmt_free_path_network(nullptr);
    gmt_free_path_graph(nullptr);
}

}  // namespace

int main() {
    wrong_graphs_are_statuses();
    wrong_networks_are_statuses();
    wrong_queries_are_statuses();
    return 0;
}
