#include <algorithm>
#include <atomic>

#include "guard.h"
#include "parallel.h"
#include "path_checks.h"
#include "path_query.h"

namespace gmt::paths {
namespace {

gmt_status check(const gmt_path_condition *condition, const gmt_path_queries *queries, int32_t thread_count, const float *results) {
    if (condition == nullptr || queries == nullptr) {
        return GMT_NULL_ARGUMENT;
    }

    const int64_t count = queries->count;
    if (count < 0 || thread_count < 0 || queries->most_new_nodes < 0) {
        return GMT_OUT_OF_RANGE;
    }

    if (count > 0 && (queries->sources == nullptr || queries->vectors == nullptr || results == nullptr)) {
        return GMT_NULL_ARGUMENT;
    }

    const graph &on = condition->inner.on();
    if (!in_range(queries->sources, count, on.node_count) ||
        (queries->answers != nullptr && !in_range(queries->answers, count, on.node_count))) {
        return GMT_OUT_OF_RANGE;
    }

    return check_removed(queries->removed_offsets, count, {queries->removed_edges}, on.edge_count());
}

path_query query_at(const condition &with, const gmt_path_queries &queries, int64_t number) {
    std::span<const int32_t> removed;
    if (queries.removed_offsets != nullptr) {
        removed = {queries.removed_edges + queries.removed_offsets[number], queries.removed_edges + queries.removed_offsets[number + 1]};
    }

    const graph &on = with.on();
    return {on.place_of_node[queries.sources[number]], queries.vectors + number * with.by().width, removed,
            queries.answers == nullptr ? -1 : on.place_of_node[queries.answers[number]], queries.most_new_nodes};
}

/* One query a thread; whichever is free takes the next. use(run, number) reads what came of it. */
template <class Use>
void run_queries(const condition &on, const gmt_path_queries &queries, int32_t thread_count, Use use) {
    std::atomic<int64_t> next{0};
    const int parts = part_count(thread_count, queries.count, 1);
    for_each_part(parts, parts, [&](int, int64_t, int64_t) {
        auto work = on.on().workspaces.take();
        work->fit(on.on().node_count, on.by().width, on.by().columns());
        for (int64_t number; (number = next++) < queries.count;) {
            const path_query query = query_at(on, queries, number);
            query_run run(on, *work, query);
            use(run, number);
        }

        on.on().workspaces.give_back(std::move(work));
    });
}

}  // namespace
}  // namespace gmt::paths

extern "C" gmt_status gmt_score_paths(const gmt_path_condition *condition, const gmt_path_queries *queries, int32_t thread_count,
                                      float *scores) {
    return gmt::guard([&] {
        const gmt_status status = gmt::paths::check(condition, queries, thread_count, scores);
        if (status != GMT_OK) {
            return status;
        }

        if (condition->inner.by().hidden == 0) {
            return GMT_OUT_OF_RANGE;
        }

        const int64_t nodes = condition->inner.on().node_count;
        gmt::paths::run_queries(condition->inner, *queries, thread_count, [&](gmt::paths::query_run &run, int64_t number) {
            if (queries->answers == nullptr) {
                run.score(scores + number * nodes);
            } else {
                scores[number] = run.score_answer();
            }
        });
        return GMT_OK;
    });
}

extern "C" gmt_status gmt_find_path_states(const gmt_path_condition *condition, const gmt_path_queries *queries, int32_t thread_count,
                                           float *states) {
    return gmt::guard([&] {
        const gmt_status status = gmt::paths::check(condition, queries, thread_count, states);
        if (status != GMT_OK) {
            return status;
        }

        if (queries->answers != nullptr) {
            return GMT_OUT_OF_RANGE;
        }

        const int64_t floats = static_cast<int64_t>(condition->inner.on().node_count) * condition->inner.by().width;
        gmt::paths::run_queries(condition->inner, *queries, thread_count,
                                [&](gmt::paths::query_run &run, int64_t number) { run.copy_states(states + number * floats); });
        return GMT_OK;
    });
}
