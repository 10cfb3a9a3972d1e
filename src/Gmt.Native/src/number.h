#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "parallel.h"

namespace gmt {

/*
 * Numbers key_of(item) of each item, in the order of the items, on several threads: every part numbers its own keys, and the parts are then
 * merged in order, so that a key gets the number which one pass over everything would have given it. make_key_of is called once a part, for
 * its scratch memory. Returns the number of each item's key.
 */
template <class Table, class MakeKeyOf>
std::vector<int32_t> number(int64_t items, int parts, Table &all, MakeKeyOf make_key_of) {
    std::vector<int32_t> ids(items);
    std::vector<Table> tables(parts);
    for_each_part(parts, items, [&](int part, int64_t first, int64_t last) {
        auto key_of = make_key_of();
        for (int64_t item = first; item < last; item++) {
            ids[item] = tables[part].add(key_of(item));
        }
    });

    all = std::move(tables[0]);  // its numbers are final already
    std::vector<std::vector<int32_t>> renumbered(parts);
    for (int part = 1; part < parts; part++) {
        renumbered[part] = all.add_all(tables[part]);
        tables[part] = Table();
    }

    for_each_part(parts, items, [&](int part, int64_t first, int64_t last) {
        for (int64_t item = part == 0 ? last : first; item < last; item++) {
            ids[item] = renumbered[part][ids[item]];
        }
    });
    return ids;
}

}  // namespace gmt
