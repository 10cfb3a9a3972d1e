#include <algorithm>
#include <optional>

#include "path_case.h"

namespace {

/* A case's objects of the C interface. */
class kernel {
  public:
    kernel(const path_case &c, int32_t instructions) {
        const gmt_path_weights weights = c.weights();
        gmt_path_graph *graph = nullptr;
        gmt_path_network *network = nullptr;
        CHECK(gmt_make_path_graph(c.nodes, c.labels, c.offsets.data(), c.senders.data(), c.label_of.data(), &graph) == GMT_OK);
        CHECK(gmt_make_path_network(&weights, instructions, &network) == GMT_OK);
        CHECK(gmt_make_path_condition(graph, network, c.label_vectors.data(), &condition_) == GMT_OK);

        // What was made from them lives longer.
        gmt_free_path_graph(graph);
        gmt_free_path_network(network);
    }

    ~kernel() { gmt_free_path_condition(condition_); }
    kernel(const kernel &) = delete;
    kernel &operator=(const kernel &) = delete;

    const gmt_path_condition *condition() const { return condition_; }

  private:
    gmt_path_condition *condition_ = nullptr;
};

struct queries {
    std::vector<int32_t> sources, starts, removed;
    std::vector<float> vectors;
    std::vector<int64_t> removed_offsets{0};
    std::optional<std::vector<int32_t>> answers;
    int32_t most_new_nodes = 0;

    gmt_path_queries view() const {
        return {static_cast<int64_t>(sources.size()),
                sources.data(),
                vectors.data(),
                answers ? answers->data() : nullptr,
                removed_offsets.data(),
                removed.data(),
                most_new_nodes};
    }

    void ask(const path_case &c, int32_t source, int32_t start) {
        sources.push_back(source);
        starts.push_back(start);
        vectors.insert(vectors.end(), c.start_vectors.begin() + start * c.width, c.start_vectors.begin() + (start + 1) * c.width);
    }

    std::vector<int32_t> removed_of(size_t query) const {
        return {removed.begin() + removed_offsets[query], removed.begin() + removed_offsets[query + 1]};
    }
};

/* Every second query goes without some edges, among them often one twice and one of the source. */
queries random_queries(std::mt19937 &random, const path_case &c, int32_t count) {
    queries made;
    for (int32_t query = 0; query < count; query++) {
        const int32_t source = static_cast<int32_t>(random() % c.nodes);
        made.ask(c, source, static_cast<int32_t>(random() % c.starts));
        if (query % 2 == 1 && !c.senders.empty()) {
            for (uint32_t i = random() % 5; i > 0; i--) {
                made.removed.push_back(static_cast<int32_t>(random() % c.senders.size()));
                made.removed.push_back(made.removed[random() % made.removed.size()]);
            }

            for (int64_t edge = c.offsets[source]; edge < c.offsets[source + 1]; edge += 2) {
                made.removed.push_back(static_cast<int32_t>(edge));
            }
        }

        made.removed_offsets.push_back(static_cast<int64_t>(made.removed.size()));
    }

    return made;
}

std::vector<float> scores_of(const kernel &k, const path_case &c, const queries &q, int32_t threads) {
    std::vector<float> scores(q.sources.size() * (q.answers ? 1 : c.nodes), NAN);
    const gmt_path_queries view = q.view();
    CHECK(gmt_score_paths(k.condition(), &view, threads, scores.data()) == GMT_OK);
    return scores;
}

std::vector<float> states_of(const kernel &k, const path_case &c, const queries &q, int32_t threads) {
    std::vector<float> states(q.sources.size() * c.nodes * c.width, NAN);
    const gmt_path_queries view = q.view();
    CHECK(gmt_find_path_states(k.condition(), &view, threads, states.data()) == GMT_OK);
    return states;
}

bool near(const float *found, const std::vector<double> &expected) {
    double largest = 1, difference = 0;
    for (size_t i = 0; i < expected.size(); i++) {
        largest = std::max(largest, std::abs(expected[i]));
        difference = std::max(difference, std::abs(found[i] - expected[i]));
        CHECK(!std::isnan(found[i]));
    }

    return difference <= 1e-5 * largest;
}

/* The scores that every answer has when it is asked for alone. */
std::vector<float> one_by_one(const kernel &k, const path_case &c, const queries &q) {
    queries each;
    each.answers.emplace();
    each.most_new_nodes = q.most_new_nodes;
    for (size_t query = 0; query < q.sources.size(); query++) {
        const std::vector<int32_t> removed = q.removed_of(query);
        for (int32_t node = 0; node < c.nodes; node++) {
            each.ask(c, q.sources[query], q.starts[query]);
            each.answers->push_back(node);
            each.removed.insert(each.removed.end(), removed.begin(), removed.end());
            each.removed_offsets.push_back(static_cast<int64_t>(each.removed.size()));
        }
    }

    return scores_of(k, c, each, 2);
}

void check(std::mt19937 &random, const path_case &c, int32_t instructions) {
    const kernel k(c, instructions);
    const queries q = random_queries(random, c, 6);
    const std::vector<float> states = states_of(k, c, q, 1);
    CHECK(states == states_of(k, c, q, 3));
    for (size_t query = 0; query < q.sources.size(); query++) {
        CHECK(near(states.data() + query * c.nodes * c.width,
                   states_by_definition(c, q.sources[query], q.starts[query], q.removed_of(query))));
    }

    if (c.hidden == 0) {
        return;
    }

    const std::vector<float> scores = scores_of(k, c, q, 1);
    CHECK(scores == scores_of(k, c, q, 4));
    CHECK(scores == scores_of(kernel(c, instructions), c, q, 2));  // a fresh baseline
    CHECK(scores == one_by_one(k, c, q));
    for (size_t query = 0; query < q.sources.size(); query++) {
        CHECK(near(scores.data() + query * c.nodes, scores_by_definition(c, q.sources[query], q.starts[query], q.removed_of(query))));
    }
}

/* Many as all are exact; fewer are the same ones on however many threads, and for one answer as for all. */
void check_limits(std::mt19937 &random, const path_case &c, int32_t instructions) {
    const kernel k(c, instructions);
    queries q = random_queries(random, c, 6);
    const std::vector<float> exact = scores_of(k, c, q, 1);
    q.most_new_nodes = c.nodes;
    CHECK(scores_of(k, c, q, 2) == exact);
    for (const int32_t limit : {1, 2, 7}) {
        q.most_new_nodes = limit;
        const std::vector<float> scores = scores_of(k, c, q, 1);
        CHECK(scores == scores_of(k, c, q, 4));
        CHECK(scores == one_by_one(k, c, q));
    }

    q.most_new_nodes = 0;
    CHECK(scores_of(k, c, q, 1) == exact);  // nothing is left of the limit
}

void limits_hold(int32_t instructions) {
    std::mt19937 random(26);
    for (int i = 0; i < 20; i++) {
        const int32_t nodes = 1 + static_cast<int32_t>(random() % 40), layers = 1 + static_cast<int32_t>(random() % 5);
        check_limits(random, random_case(random, nodes, 3, 32, layers, 16, static_cast<int64_t>(random() % 120)), instructions);
    }

    check_limits(random, random_case(random, 300, 7, 32, 4, 16, 150), instructions);
}

bool is_there(int32_t instructions) {
    std::mt19937 random(1);
    const path_case c = random_case(random, 1, 1, 16, 1, 16, 0);
    const gmt_path_weights weights = c.weights();
    gmt_path_network *network = nullptr;
    const bool there = gmt_make_path_network(&weights, instructions, &network) == GMT_OK;
    gmt_free_path_network(network);
    return there;
}

void random_graphs_follow_the_definition(int32_t instructions) {
    std::mt19937 random(21);
    for (int i = 0; i < 60; i++) {
        const int32_t nodes = 1 + static_cast<int32_t>(random() % 24), labels = 1 + static_cast<int32_t>(random() % 5);
        const int32_t width = 16 * (1 + static_cast<int32_t>(random() % 6)), layers = 1 + static_cast<int32_t>(random() % 6);
        const int32_t hidden = 16 * static_cast<int32_t>(random() % 9);
        path_case c = random_case(random, nodes, labels, width, layers, hidden, static_cast<int64_t>(random() % 90));
        if (i % 3 == 0) {
            c.degree_scale = random_floats(random, static_cast<size_t>(layers) * 3 * width, 0.5f, 0.5f);
        }

        check(random, c, instructions);
    }
}

/* Few edges, so that most nodes keep to the baseline; and several blocks of rows. */
void sparse_and_large_graphs_follow_the_definition(int32_t instructions) {
    std::mt19937 random(22);
    check(random, random_case(random, 300, 7, 32, 4, 16, 150), instructions);
    check(random, random_case(random, 250, 3, 64, 3, 128, 3000), instructions);
}

/* A chain has as many hops as layers, and no node is ever reached by all. */
void a_long_chain_follows_the_definition(int32_t instructions) {
    std::mt19937 random(23);
    path_case c = random_case(random, 220, 2, 16, 6, 32, 0);
    for (int32_t node = 1; node < c.nodes; node++) {
        c.senders.push_back(node - 1);
        c.label_of.push_back(node % 2);
        c.offsets[node + 1] = node;
    }

    check(random, c, instructions);
}

void instructions_agree() {
    std::mt19937 random(24);
    const path_case c = random_case(random, 120, 5, 64, 6, 128, 900);
    const queries q = random_queries(random, c, 8);
    const std::vector<float> best = scores_of(kernel(c, GMT_USE_BEST), c, q, 1);
    const std::vector<float> portable = scores_of(kernel(c, GMT_USE_PORTABLE), c, q, 1);
    CHECK(near(portable.data(), {best.begin(), best.end()}));
    if (is_there(GMT_USE_AVX512)) {
        CHECK(scores_of(kernel(c, GMT_USE_AVX512), c, q, 1) == scores_of(kernel(c, GMT_USE_AVX2), c, q, 1));
    }
}

void what_is_not_a_number_stays_so() {
    std::mt19937 random(25);
    path_case c = random_case(random, 3, 1, 16, 2, 16, 4);
    c.start_vectors[3] = NAN;
    queries q;
    q.ask(c, 0, 0);
    q.removed_offsets = {0, 0};
    for (const int32_t instructions : {GMT_USE_PORTABLE, GMT_USE_BEST}) {
        CHECK(std::isnan(scores_of(kernel(c, instructions), c, q, 1)[0]));
    }
}

}  // namespace

int main() {
    for (const int32_t instructions : {GMT_USE_PORTABLE, GMT_USE_AVX2, GMT_USE_AVX512}) {
        if (is_there(instructions)) {
            random_graphs_follow_the_definition(instructions);
            sparse_and_large_graphs_follow_the_definition(instructions);
            a_long_chain_follows_the_definition(instructions);
            limits_hold(instructions);
        }
    }

    instructions_agree();
    what_is_not_a_number_stays_so();
    return 0;
}
