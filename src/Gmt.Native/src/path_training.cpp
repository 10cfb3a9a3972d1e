#include <algorithm>
#include <atomic>
#include <numeric>

#include "guard.h"
#include "parallel.h"
#include "path_checks.h"
#include "path_training_run.h"
#include "processor.h"

namespace gmt::paths {
namespace {

/* So many sums of gradients are made and then added up, however many threads there are: bits do not depend on their number. */
constexpr int64_t part_limit = 8;

gmt_status check(const gmt_path_graph *graph, const gmt_path_weights *weights, const gmt_path_batch *batch, int32_t thread_count) {
    const gmt_status status = check_weights(weights);
    if (status != GMT_OK) {
        return status;
    }

    if (graph == nullptr || batch == nullptr) {
        return GMT_NULL_ARGUMENT;
    }

    const int64_t count = batch->count;
    if (count < 0 || thread_count < 0 || batch->group_count < 0) {
        return GMT_OUT_OF_RANGE;
    }

    const class graph &on = *graph->shared;
    if ((count > 0 && (batch->sources == nullptr || batch->vectors == nullptr || batch->groups == nullptr)) ||
        (on.label_count > 0 && (batch->inverse_labels == nullptr || (batch->group_count > 0 && batch->label_vectors == nullptr)))) {
        return GMT_NULL_ARGUMENT;
    }

    if (!in_range(batch->sources, count, on.node_count) || !in_range(batch->groups, count, batch->group_count) ||
        !in_range(batch->inverse_labels, on.label_count, on.label_count)) {
        return GMT_OUT_OF_RANGE;
    }

    return check_removed(batch->removed_offsets, count, {batch->removed_edges, batch->removed_inverses}, on.edge_count());
}

/* A batch over a graph, whose queries are taken in the order of their groups. */
class training_batch {
  public:
    training_batch(const graph &on, const gmt_path_weights &weights, const gmt_path_batch &batch, const path_ops *ops)
        : graph_(on), batch_(batch), network_(weights, ops), order_(static_cast<size_t>(batch.count)) {
        std::iota(order_.begin(), order_.end(), 0);
        std::stable_sort(order_.begin(), order_.end(), [&](int64_t a, int64_t b) { return batch.groups[a] < batch.groups[b]; });
    }

    const trained_network &by() const { return network_; }

    /* Calls use(run, part, query, number, group) for all queries; those of a part one after the other. */
    template <class Use>
    void run(int32_t thread_count, Use use) const {
        std::atomic<int64_t> next{0};
        const int64_t parts = this->parts();
        const int threads = part_count(thread_count, parts, 1);
        for_each_part(threads, threads, [&](int, int64_t, int64_t) {
            training_run runner(graph_, network_);
            for (int64_t part; (part = next++) < parts;) {
                for (int64_t i = batch_.count * part / parts; i < batch_.count * (part + 1) / parts; i++) {
                    use(runner, part, query_at(order_[i]), order_[i], batch_.groups[order_[i]]);
                }
            }
        });
    }

    int64_t parts() const { return std::min(part_limit, batch_.count); }

    const float *vectors_of(int32_t group) const {
        return batch_.label_vectors + group * static_cast<int64_t>(network_.layers.size()) * graph_.label_count * network_.forward->width;
    }

    label_group labels_of(int32_t group) const { return {vectors_of(group), batch_.inverse_labels, graph_, *network_.forward}; }

  private:
    training_query query_at(int64_t number) const {
        std::span<const int32_t> removed, inverses;
        if (batch_.removed_offsets != nullptr) {
            const int64_t first = batch_.removed_offsets[number], last = batch_.removed_offsets[number + 1];
            removed = {batch_.removed_edges + first, batch_.removed_edges + last};
            inverses = {batch_.removed_inverses + first, batch_.removed_inverses + last};
        }

        return {graph_.place_of_node[batch_.sources[number]], batch_.vectors + number * network_.forward->width, removed, inverses};
    }

    const graph &graph_;
    const gmt_path_batch &batch_;
    const trained_network network_;
    std::vector<int64_t> order_;
};

/* What a part of a batch adds up. */
struct part_sums {
    explicit part_sums(const network &of) : weights(of) {}

    weight_sums weights;
    std::vector<std::pair<int32_t, label_group>> groups;

    label_group &of(int32_t group, const training_batch &batch) {
        if (groups.empty() || groups.back().first != group) {
            groups.emplace_back(group, batch.labels_of(group));
        }

        return groups.back().second;
    }
};

void give_out(const float_block &sum, float *to) {
    if (to != nullptr) {
        std::copy_n(sum.data(), sum.size(), to);
    }
}

void run_back(const graph &on, const gmt_path_weights &weights, const gmt_path_batch &batch, const path_ops *ops, int32_t thread_count,
              const float *result_gradients, const gmt_path_gradients &gradients) {
    const training_batch work(on, weights, batch, ops);
    const network &by = *work.by().forward;
    const int64_t results = static_cast<int64_t>(on.node_count) * (by.hidden > 0 ? 1 : by.width);
    std::vector<part_sums> sums;
    for (int64_t part = 0; part < work.parts(); part++) {
        sums.emplace_back(by);
    }

    std::vector<std::vector<float>> rooms(static_cast<size_t>(work.parts()));
    work.run(thread_count, [&](training_run &run, int64_t part, const training_query &query, int64_t number, int32_t group) {
        label_group &labels = sums[part].of(group, work);
        rooms[part].resize(static_cast<size_t>(results));
        run.forward(query, labels.vectors, rooms[part].data());
        run.backward(result_gradients + number * results, labels, sums[part].weights, gradients.vectors + number * by.width);
    });

    const int64_t group_floats = static_cast<int64_t>(by.layer_count()) * on.label_count * by.width;
    std::fill_n(gradients.label_vectors, batch.group_count * group_floats, 0.0f);
    weight_sums total(by);
    for (const part_sums &part : sums) {
        total.add(part.weights);
        for (const auto &[group, labels] : part.groups) {
            labels.add_to(gradients.label_vectors + group * group_floats, batch.inverse_labels, on, by);
        }
    }

    give_out(total.linear, gradients.linear);
    give_out(total.bias, gradients.bias);
    give_out(total.scale, gradients.norm_scale);
    give_out(total.shift, gradients.norm_shift);
    give_out(total.degrees, gradients.degree_scale);
    give_out(total.hidden_weight, gradients.hidden_weight);
    give_out(total.hidden_bias, gradients.hidden_bias);
    give_out(total.output_weight, gradients.output_weight);
    if (gradients.output_bias != nullptr) {
        *gradients.output_bias = total.output_bias;
    }
}

}  // namespace
}  // namespace gmt::paths

extern "C" gmt_status gmt_run_path_batch(const gmt_path_graph *graph, const gmt_path_weights *weights, int32_t instructions,
                                         const gmt_path_batch *batch, int32_t thread_count, float *results) {
    return gmt::guard([&] {
        const gmt_status status = gmt::paths::check(graph, weights, batch, thread_count);
        if (status != GMT_OK) {
            return status;
        }

        const auto *ops = gmt::choose_ops<gmt::paths::path_ops>(instructions);
        if (ops == nullptr) {
            return GMT_OUT_OF_RANGE;
        }

        if (batch->count > 0 && results == nullptr) {
            return GMT_NULL_ARGUMENT;
        }

        const gmt::paths::graph &on = *graph->shared;
        const gmt::paths::training_batch work(on, *weights, *batch, ops);
        const int64_t floats = static_cast<int64_t>(on.node_count) * (weights->hidden > 0 ? 1 : weights->width);
        work.run(thread_count, [&](gmt::paths::training_run &run, int64_t, const gmt::paths::training_query &query, int64_t number,
                                   int32_t group) { run.forward(query, work.vectors_of(group), results + number * floats); });
        return GMT_OK;
    });
}

extern "C" gmt_status gmt_run_path_batch_back(const gmt_path_graph *graph, const gmt_path_weights *weights, int32_t instructions,
                                              const gmt_path_batch *batch, int32_t thread_count, const float *result_gradients,
                                              const gmt_path_gradients *gradients) {
    return gmt::guard([&] {
        const gmt_status status = gmt::paths::check(graph, weights, batch, thread_count);
        if (status != GMT_OK) {
            return status;
        }

        const auto *ops = gmt::choose_ops<gmt::paths::path_ops>(instructions);
        if (ops == nullptr) {
            return GMT_OUT_OF_RANGE;
        }

        if (gradients == nullptr || gradients->label_vectors == nullptr ||
            (batch->count > 0 && (result_gradients == nullptr || gradients->vectors == nullptr))) {
            return GMT_NULL_ARGUMENT;
        }

        gmt::paths::run_back(*graph->shared, *weights, *batch, ops, thread_count, result_gradients, *gradients);
        return GMT_OK;
    });
}
