/* SPDX-License-Identifier: MIT */
#include "clients/cli/ranges.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"

static struct range *list_new(size_t count)
{
	struct range *list = calloc(count ? count : 1, sizeof(*list));

	if (!list)
		cli_out_of_memory();
	return list;
}

void ranges_reset(struct ranges *ranges)
{
	free(ranges->list);
	*ranges = (struct ranges){ 0 };
}

struct ranges ranges_copy(const struct ranges *ranges)
{
	struct ranges copy = { list_new(ranges->count), ranges->count };

	if (ranges->count)
		memcpy(copy.list, ranges->list,
		       ranges->count * sizeof(*copy.list));
	return copy;
}

void ranges_remove(struct ranges *ranges, uint64_t start, uint64_t end)
{
	struct ranges left = { list_new(ranges->count + 1), 0 };

	for (size_t i = 0; i < ranges->count; i++) {
		struct range range = ranges->list[i];

		if (range.start < start)
			left.list[left.count++] =
				(struct range){ range.start, range.end < start
								     ? range.end
								     : start };
		if (range.end > end)
			left.list[left.count++] = (struct range){
				range.start > end ? range.start : end, range.end
			};
	}
	free(ranges->list);
	*ranges = left;
}

void ranges_add(struct ranges *ranges, uint64_t start, uint64_t end)
{
	struct ranges sum = { list_new(ranges->count + 1), 0 };
	bool added = false;

	for (size_t i = 0; i < ranges->count; i++) {
		struct range range = ranges->list[i];

		if (range.end < start) {
			sum.list[sum.count++] = range;
		} else if (range.start <= end) {
			start = range.start < start ? range.start : start;
			end = range.end > end ? range.end : end;
		} else {
			if (!added)
				sum.list[sum.count++] =
					(struct range){ start, end };
			added = true;
			sum.list[sum.count++] = range;
		}
	}
	if (!added)
		sum.list[sum.count++] = (struct range){ start, end };
	free(ranges->list);
	*ranges = sum;
}

bool ranges_next_gap(const struct ranges *ranges, uint64_t start, uint64_t end,
		     struct range *gap)
{
	for (size_t i = 0; i < ranges->count && start < end; i++) {
		const struct range *range = &ranges->list[i];

		if (range->end <= start)
			continue;
		if (range->start > start) {
			end = range->start < end ? range->start : end;
			break;
		}
		start = range->end;
	}
	*gap = (struct range){ start, end };
	return start < end;
}
