#include "path_workspace.h"

#include <numeric>

namespace gmt::paths {
namespace {

void fit_block(float_block &block, size_t count) {
    if (block.size() < count) {
        block = float_block();
        block = float_block(count);
    }
}

}  // namespace

void workspace::fit(int32_t node_count, int32_t width, int32_t columns) {
    for (float_block &block : states) {
        fit_block(block, static_cast<size_t>(node_count) * width);
    }

    fit_block(sums, static_cast<size_t>(block_rows) * width);
    fit_block(products, static_cast<size_t>(block_rows) * columns);
    fit_block(hidden_bias, columns);
    before.resize(block_rows);
    after.resize(block_rows);
    scores.resize(block_rows);
    roots.resize(block_rows);
    slots.resize(node_count, -1);
    marks.resize(node_count);
    masses.resize(node_count);
    if (nodes.empty()) {
        nodes.resize(node_count);
        std::iota(nodes.begin(), nodes.end(), 0);
    }
}

std::unique_ptr<workspace> workspace_pool::take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) {
        return std::make_unique<workspace>();
    }

    auto taken = std::move(idle_.back());
    idle_.pop_back();
    return taken;
}

void workspace_pool::give_back(std::unique_ptr<workspace> done) noexcept {
    try {
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(done));
    } catch (...) {
        // No room to remember it: it is freed.
    }
}

}  // namespace gmt::paths
