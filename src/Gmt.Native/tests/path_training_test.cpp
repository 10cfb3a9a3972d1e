#include <algorithm>

#include "path_case.h"

namespace {

/* A case whose edges all have one the other way, with queries to train on. */
struct training_case {
    path_case c;
    std::vector<int32_t> inverse_labels, inverse_edges, sources, groups, removed, inverses;
    std::vector<int64_t> removed_offsets{0};
    int32_t group_count = 1;

    gmt_path_batch batch() const {
        return {static_cast<int64_t>(sources.size()),
                sources.data(),
                c.start_vectors.data(),
                groups.data(),
                group_count,
                c.label_vectors.data(),
                inverse_labels.data(),
                removed_offsets.data(),
                removed.data(),
                inverses.data()};
    }

    size_t results() const { return static_cast<size_t>(c.nodes) * (c.hidden > 0 ? 1 : c.width); }

    std::vector<double> by_definition(size_t query) const {
        const std::vector<int32_t> gone(removed.begin() + removed_offsets[query], removed.begin() + removed_offsets[query + 1]);
        const size_t first_label = c.label_vectors.size() / group_count * groups[query];
        const int32_t start = static_cast<int32_t>(query);
        return c.hidden > 0 ? scores_by_definition(c, sources[query], start, gone, first_label)
                            : states_by_definition(c, sources[query], start, gone, first_label);
    }

    double loss(const std::vector<float> &weights) const {
        double sum = 0;
        for (size_t query = 0; query < sources.size(); query++) {
            const std::vector<double> results = by_definition(query);
            for (size_t i = 0; i < results.size(); i++) {
                sum += results[i] * static_cast<double>(weights[query * results.size() + i]);
            }
        }

        return sum;
    }
};

/* Pairs of edges, some of them twice; over label 0 both ways, where a loop is its own inverse. */
training_case random_training_case(std::mt19937 &random, int32_t nodes, int32_t width, int32_t layers, int32_t hidden, int64_t pairs,
                                   bool has_degrees) {
    constexpr int32_t labels = 5;
    struct edge {
        int32_t receiver, sender, label;
        size_t pair;
    };
    training_case made;
    made.c = random_case(random, nodes, labels, width, layers, hidden, 0);
    made.inverse_labels = {0, 3, 4, 1, 2};
    std::vector<edge> edges;
    for (int64_t pair = 0; pair < pairs; pair++) {
        const int32_t one = static_cast<int32_t>(random() % nodes * (random() % 3 > 0));
        const int32_t other = static_cast<int32_t>(random() % nodes), label = static_cast<int32_t>(random() % labels);
        for (uint32_t copies = random() % 6 == 0 ? 2 : 1; copies > 0; copies--) {
            const size_t number = edges.size();
            edges.push_back({one, other, label, number});
            if (one != other || label != 0) {
                edges.push_back({other, one, made.inverse_labels[label], number});
            }
        }
    }

    std::stable_sort(edges.begin(), edges.end(), [](const edge &a, const edge &b) { return a.receiver < b.receiver; });
    made.inverse_edges.resize(edges.size());
    for (size_t i = 0; i < edges.size(); i++) {
        made.c.offsets[edges[i].receiver + 1]++;
        made.c.senders.push_back(edges[i].sender);
        made.c.label_of.push_back(edges[i].label);
        made.inverse_edges[i] = static_cast<int32_t>(i);
        for (size_t j = 0; j < edges.size(); j++) {
            if (j != i && edges[j].pair == edges[i].pair) {
                made.inverse_edges[i] = static_cast<int32_t>(j);
            }
        }
    }

    for (int32_t node = 0; node < nodes; node++) {
        made.c.offsets[node + 1] += made.c.offsets[node];
    }

    if (has_degrees) {
        made.c.degree_scale = random_floats(random, static_cast<size_t>(layers) * 3 * width, 0.5f, 0.5f);
    }

    made.group_count = 2;
    made.c.label_vectors = random_floats(random, 2 * static_cast<size_t>(layers) * labels * width, 0.5f);
    constexpr int32_t count = 11;
    made.c.starts = count;
    made.c.start_vectors = random_floats(random, count * static_cast<size_t>(width), 1);
    for (int32_t query = 0; query < count; query++) {
        made.sources.push_back(static_cast<int32_t>(random() % nodes));
        made.groups.push_back(static_cast<int32_t>(random() % 2));
        for (size_t i = 0; i < edges.size(); i++) {
            if (query % 2 == 1 && (random() % 6 == 0 || (edges[i].receiver == made.sources.back() && random() % 2 == 0))) {
                made.removed.push_back(static_cast<int32_t>(i));
                made.inverses.push_back(made.inverse_edges[i]);
            }
        }

        made.removed_offsets.push_back(static_cast<int64_t>(made.removed.size()));
    }

    return made;
}

class objects {
  public:
    explicit objects(const path_case &c) {
        CHECK(gmt_make_path_graph(c.nodes, c.labels, c.offsets.data(), c.senders.data(), c.label_of.data(), &graph_) == GMT_OK);
    }

    ~objects() { gmt_free_path_graph(graph_); }
    objects(const objects &) = delete;
    objects &operator=(const objects &) = delete;

    const gmt_path_graph *graph() const { return graph_; }

  private:
    gmt_path_graph *graph_ = nullptr;
};

/* All gradients, each beside what it is the gradient of. */
struct found_gradients {
    std::vector<std::pair<const std::vector<float> *, std::vector<float>>> of;
    float output_bias = 0;

    explicit found_gradients(const path_case &c) {
        for (const auto *numbers : {&c.linear, &c.bias, &c.scale, &c.shift, &c.degree_scale, &c.hidden_weight, &c.hidden_bias,
                                    &c.output_weight, &c.start_vectors, &c.label_vectors}) {
            of.emplace_back(numbers, std::vector<float>(numbers->size(), NAN));
        }
    }

    gmt_path_gradients view() {
        return {of[0].second.data(), of[1].second.data(), of[2].second.data(), of[3].second.data(),
                of[4].second.data(), of[5].second.data(), of[6].second.data(), of[7].second.data(),
                &output_bias,        of[8].second.data(), of[9].second.data()};
    }

    bool operator==(const found_gradients &other) const { return of == other.of && output_bias == other.output_bias; }
};

std::vector<float> results_of(const training_case &t, int32_t instructions, int32_t threads) {
    const objects made(t.c);
    const gmt_path_weights weights = t.c.weights();
    const gmt_path_batch batch = t.batch();
    std::vector<float> results(t.sources.size() * t.results(), NAN);
    CHECK(gmt_run_path_batch(made.graph(), &weights, instructions, &batch, threads, results.data()) == GMT_OK);
    return results;
}

found_gradients gradients_of(const training_case &t, const std::vector<float> &by, int32_t instructions, int32_t threads) {
    const objects made(t.c);
    const gmt_path_weights weights = t.c.weights();
    const gmt_path_batch batch = t.batch();
    found_gradients found(t.c);
    const gmt_path_gradients view = found.view();
    CHECK(gmt_run_path_batch_back(made.graph(), &weights, instructions, &batch, threads, by.data(), &view) == GMT_OK);
    return found;
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

void check(std::mt19937 &random, training_case &t, int32_t instructions) {
    const std::vector<float> results = results_of(t, instructions, 1);
    CHECK(results == results_of(t, instructions, 3));
    double largest = 1;
    for (size_t query = 0; query < t.sources.size(); query++) {
        const std::vector<double> expected = t.by_definition(query);
        for (size_t i = 0; i < expected.size(); i++) {
            largest = std::max(largest, std::abs(expected[i]));
            CHECK(std::abs(results[query * t.results() + i] - expected[i]) <= 2e-5 * largest);
        }
    }

    const std::vector<float> weights = random_floats(random, results.size(), 1);
    const found_gradients found = gradients_of(t, weights, instructions, 1);
    CHECK(found == gradients_of(t, weights, instructions, 2));
    CHECK(found == gradients_of(t, weights, instructions, 5));
    double sum = 0;
    for (const float weight : weights) {
        sum += t.c.hidden > 0 ? weight : 0;
    }

    CHECK(std::abs(found.output_bias - sum) <= 1e-3);
    for (const auto &[numbers, gradient] : found.of) {
        double scale = 1;
        for (const float value : gradient) {
            CHECK(!std::isnan(value));
            scale = std::max(scale, std::abs(static_cast<double>(value)));
        }

        for (int trial = 0; trial < 6 && !numbers->empty(); trial++) {
            const size_t place = random() % numbers->size();
            t.c.moved = numbers->data() + place;
            t.c.step = 1e-6;
            const double above = t.loss(weights);
            t.c.step = -1e-6;
            const double below = t.loss(weights);
            t.c.moved = nullptr;
            t.c.step = 0;
            CHECK(std::abs((above - below) / 2e-6 - gradient[place]) <= 2e-5 * scale);
        }
    }
}

void gradients_are_differences(int32_t instructions) {
    std::mt19937 random(31);
    for (int i = 0; i < 12; i++) {
        const int32_t nodes = 1 + static_cast<int32_t>(random() % 14), width = 16 * (1 + i % 5), layers = 1 + i % 4;
        const int32_t hidden = i % 3 == 0 ? 0 : 16 * (i % 4 + 1);
        training_case t = random_training_case(random, nodes, width, layers, hidden, static_cast<int64_t>(random() % 30), i % 2 == 0);
        check(random, t, instructions);
    }
}

/* Several blocks of rows, hubs, long groups of a label. */
void a_larger_graph_has_its_gradients(int32_t instructions) {
    std::mt19937 random(32);
    training_case t = random_training_case(random, 210, 32, 3, 32, 900, true);
    check(random, t, instructions);
}

void instructions_agree() {
    std::mt19937 random(33);
    const training_case t = random_training_case(random, 60, 64, 3, 64, 300, true);
    const std::vector<float> weights = random_floats(random, t.sources.size() * t.results(), 1);
    if (is_there(GMT_USE_AVX512)) {
        CHECK(gradients_of(t, weights, GMT_USE_AVX512, 1) == gradients_of(t, weights, GMT_USE_AVX2, 1));
        CHECK(results_of(t, GMT_USE_AVX512, 1) == results_of(t, GMT_USE_AVX2, 1));
    }
}

template <class Change>
gmt_status status_with(Change change) {
    std::mt19937 random(34);
    const training_case t = random_training_case(random, 6, 16, 2, 16, 9, false);
    const objects made(t.c);
    gmt_path_weights weights = t.c.weights();
    gmt_path_batch batch = t.batch();
    found_gradients found(t.c);
    gmt_path_gradients gradients = found.view();
    std::vector<float> results(t.sources.size() * t.results());
    change(weights, batch, gradients);
    const gmt_status forward = gmt_run_path_batch(made.graph(), &weights, GMT_USE_BEST, &batch, 1, results.data());
    const gmt_status back = gmt_run_path_batch_back(made.graph(), &weights, GMT_USE_BEST, &batch, 1, results.data(), &gradients);
    return forward != GMT_OK ? forward : back;
}

void wrong_arguments_are_statuses() {
    CHECK(status_with([](auto &, auto &, auto &) {}) == GMT_OK);
    CHECK(status_with([](auto &, auto &, auto &g) { g.linear = g.hidden_bias = g.output_bias = nullptr; }) == GMT_OK);
    CHECK(status_with([](auto &, auto &, auto &g) { g.vectors = nullptr; }) == GMT_NULL_ARGUMENT);
    CHECK(status_with([](auto &w, auto &, auto &) { w.linear = nullptr; }) == GMT_NULL_ARGUMENT);
    CHECK(status_with([](auto &w, auto &, auto &) { w.width = 24; }) == GMT_OUT_OF_RANGE);
    CHECK(status_with([](auto &, auto &b, auto &) { b.groups = nullptr; }) == GMT_NULL_ARGUMENT);
    CHECK(status_with([](auto &, auto &b, auto &) { b.group_count = 1; }) == GMT_OUT_OF_RANGE);
    CHECK(status_with([](auto &, auto &b, auto &) { b.removed_inverses = nullptr; }) == GMT_NULL_ARGUMENT);
    const int32_t outside[] = {0, 3, 4, 1, 5};
    CHECK(status_with([&](auto &, auto &b, auto &) { b.inverse_labels = outside; }) == GMT_OUT_OF_RANGE);
    std::mt19937 random(35);
    const training_case t = random_training_case(random, 3, 16, 1, 16, 2, false);
    const gmt_path_weights weights = t.c.weights();
    const gmt_path_batch batch = t.batch();
    float result = 0;
    CHECK(gmt_run_path_batch(nullptr, &weights, 0, &batch, 1, &result) == GMT_NULL_ARGUMENT);
    CHECK(gmt_run_path_batch_back(nullptr, &weights, 0, &batch, 1, &result, nullptr) == GMT_NULL_ARGUMENT);
}

}  // namespace

int main() {
    for (const int32_t instructions : {GMT_USE_PORTABLE, GMT_USE_AVX2, GMT_USE_AVX512}) {
        if (is_there(instructions)) {
            gradients_are_differences(instructions);
            a_larger_graph_has_its_gradients(instructions);
        }
    }

    instructions_agree();
    wrong_arguments_are_statuses();
    return 0;
}
