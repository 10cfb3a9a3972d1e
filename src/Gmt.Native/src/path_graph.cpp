#include "path_graph.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "gmt.h"
#include "guard.h"
#include "path_checks.h"

namespace gmt::paths {
namespace {

/* The edges of one receiver, in groups. */
class receiver_layout {
  public:
    receiver_layout(const int32_t *senders, const int32_t *labels) : senders_(senders), labels_(labels) {}

    /* Sorts the caller's edges first .. last - 1 by label; copies of an edge keep their order. */
    void read(int64_t first, int64_t last) {
        order_.resize(last - first);
        std::iota(order_.begin(), order_.end(), first);
        std::sort(order_.begin(), order_.end(), [&](int64_t a, int64_t b) {
            return labels_[a] != labels_[b] ? labels_[a] < labels_[b] : senders_[a] != senders_[b] ? senders_[a] < senders_[b] : a < b;
        });
    }

    /* How many groups of 8, 4, 2 and 1 there are. */
    std::array<int32_t, 4> count() const {
        std::array<int32_t, 4> groups{};
        for_each_group([&](int kind, size_t) { groups[kind]++; });
        return groups;
    }

    void write(graph &made, int32_t receiver) const {
        receiver_edges &own = made.receivers[receiver];
        own.first = static_cast<int64_t>(made.senders.size());
        own.last = own.first + static_cast<int64_t>(order_.size());
        own.first_group = static_cast<int64_t>(made.group_labels.size());
        for (int wanted = 0; wanted < 4; wanted++) {
            for_each_group([&](int kind, size_t from) {
                for (size_t i = from; kind == wanted && i < from + (size_t{8} >> kind); i++) {
                    if (i == from) {
                        made.group_labels.push_back(labels_[order_[from]]);
                        own.groups[kind]++;
                    }

                    made.place_of_edge[order_[i]] = static_cast<int64_t>(made.senders.size());
                    made.senders.push_back(made.place_of_node[senders_[order_[i]]]);
                    made.receiver_of.push_back(receiver);
                }
            });
        }
    }

  private:
    template <class Use>
    void for_each_group(Use use) const {
        for (size_t first = 0, last; first < order_.size(); first = last) {
            for (last = first + 1; last < order_.size() && labels_[order_[last]] == labels_[order_[first]]; last++) {
            }

            for (size_t at = first, size; at < last; at += size) {
                const int kind = last - at >= 8 ? 0 : last - at >= 4 ? 1 : last - at >= 2 ? 2 : 3;
                size = size_t{8} >> kind;
                use(kind, at);
            }
        }
    }

    const int32_t *senders_, *labels_;
    std::vector<int64_t> order_;
};

void place_nodes(graph &made, const int64_t *offsets, receiver_layout &layout) {
    std::vector<std::array<int32_t, 4>> groups(made.node_count);
    for (int32_t node = 0; node < made.node_count; node++) {
        layout.read(offsets[node], offsets[node + 1]);
        groups[node] = layout.count();
    }

    made.node_at.resize(made.node_count);
    std::iota(made.node_at.begin(), made.node_at.end(), 0);
    std::stable_sort(made.node_at.begin(), made.node_at.end(), [&](int32_t a, int32_t b) { return groups[a] > groups[b]; });
    made.place_of_node.resize(made.node_count);
    for (int32_t place = 0; place < made.node_count; place++) {
        made.place_of_node[made.node_at[place]] = place;
    }
}

void lay_out_sent(graph &made, const std::vector<int32_t> &label_of) {
    made.sent_offsets.assign(static_cast<size_t>(made.node_count) + 1, 0);
    for (const int32_t sender : made.senders) {
        made.sent_offsets[sender + 1]++;
    }

    std::partial_sum(made.sent_offsets.begin(), made.sent_offsets.end(), made.sent_offsets.begin());
    made.sent.resize(made.senders.size());
    std::vector<int64_t> next(made.sent_offsets.begin(), made.sent_offsets.end() - 1);
    for (size_t place = 0; place < made.senders.size(); place++) {
        made.sent[next[made.senders[place]]++] = {made.receiver_of[place], label_of[place], static_cast<int64_t>(place)};
    }
}

}  // namespace

std::shared_ptr<const graph> make_graph(int32_t node_count, int32_t label_count, const int64_t *offsets, const int32_t *senders,
                                        const int32_t *labels) {
    auto made = std::make_shared<graph>();
    const size_t edges = static_cast<size_t>(offsets[node_count]);
    made->node_count = node_count;
    made->label_count = label_count;
    made->receivers.resize(node_count);
    made->place_of_edge.resize(edges);
    made->senders.reserve(edges + edges_ahead);
    made->receiver_of.reserve(edges);
    receiver_layout layout(senders, labels);
    place_nodes(*made, offsets, layout);
    for (int32_t place = 0; place < node_count; place++) {
        layout.read(offsets[made->node_at[place]], offsets[made->node_at[place] + 1]);
        layout.write(*made, place);
    }

    std::vector<int32_t> label_of(edges);
    for (size_t edge = 0; edge < edges; edge++) {
        label_of[made->place_of_edge[edge]] = labels[edge];
    }

    lay_out_sent(*made, label_of);
    made->senders.resize(edges + edges_ahead);
    return made;
}

}  // namespace gmt::paths

extern "C" gmt_status gmt_make_path_graph(int32_t node_count, int32_t label_count, const int64_t *offsets, const int32_t *senders,
                                          const int32_t *labels, gmt_path_graph **graph) {
    return gmt::guard([&] {
        if (graph == nullptr) {
            return GMT_NULL_ARGUMENT;
        }

        *graph = nullptr;
        if (offsets == nullptr) {
            return GMT_NULL_ARGUMENT;
        }

        if (node_count < 1 || label_count < 0 || offsets[0] != 0 || !std::is_sorted(offsets, offsets + node_count + 1)) {
            return GMT_OUT_OF_RANGE;
        }

        const int64_t edges = offsets[node_count];
        if (edges > 0 && (senders == nullptr || labels == nullptr)) {
            return GMT_NULL_ARGUMENT;
        }

        if (edges > INT32_MAX) {
            return GMT_TOO_LARGE;
        }

        if (!gmt::paths::in_range(senders, edges, node_count) || !gmt::paths::in_range(labels, edges, label_count)) {
            return GMT_OUT_OF_RANGE;
        }

        *graph = new gmt_path_graph{gmt::paths::make_graph(node_count, label_count, offsets, senders, labels)};
        return GMT_OK;
    });
}

extern "C" void gmt_free_path_graph(gmt_path_graph *graph) { delete graph; }
