/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of munmap, page tables and the TLB. */
/* clang-format off */
#define STEP_TEXTS_MUNMAP(X) \
	X(MUNMAP_ASKED, \
	  "{len} bytes from {start} on shall be unmapped", \
	  "要释放从 {start} 起、长 {len} 字节的线性地址区间") \
	X(MUNMAP_BAD_RANGE, \
	  "{start} is not page aligned, or {len} bytes from there reach " \
	  "beyond TASK_SIZE: {ret}", \
	  "{start} 没有按页对齐，或者从它起的 {len} 字节超出了 TASK_SIZE：" \
	  "{ret}") \
	X(MUNMAP_EMPTY, \
	  "no page is left of the length: {ret}", \
	  "长度取整后一页也没有：{ret}") \
	X(MUNMAP_NOTHING, \
	  "no area overlaps [{start}, {end}): nothing is to be done, {ret} is " \
	  "returned", \
	  "没有与 [{start}, {end}) 重叠的 VMA：什么也不用做，返回 {ret}") \
	X(MUNMAP_FIRST, \
	  "{start} lies inside {area}, which begins at {area_start}: the part " \
	  "below is kept, so the area is split", \
	  "起始地址 {start} 落在从 {area_start} 开始的{area}内部：前面的部分" \
	  "要保留，需要拆分") \
	X(MUNMAP_AREAS_KEPT, \
	  "a hole takes one area more: map_count is {map_count}, below " \
	  "max_map_count ({max})", \
	  "在中间挖洞会多出一个 VMA：map_count 是 {map_count}，低于 " \
	  "max_map_count（{max}）") \
	X(MUNMAP_AREAS_EXCEEDED, \
	  "a hole in {area} takes one area more, but map_count is {map_count} " \
	  "and max_map_count {max}: {ret}", \
	  "在{area}中间挖洞会多出一个 VMA，但 map_count 是 {map_count}，" \
	  "max_map_count 是 {max}：{ret}") \
	X(MUNMAP_SEALED, \
	  "{area} is sealed and cannot be unmapped: {ret}", \
	  "{area}已被 mseal 封住，不能解除映射：{ret}") \
	X(MUNMAP_LAST, \
	  "{end} lies inside {area}, which ends at {area_end}: the part above " \
	  "is kept, so the area is split", \
	  "结束地址 {end} 落在到 {area_end} 为止的{area}内部：后面的部分要保" \
	  "留，需要拆分") \
	X(MUNMAP_GATHERED, \
	  "{area} [{start}, {end}) is to go: it is collected in a tree of its " \
	  "own", \
	  "要删除{area} [{start}, {end})：先收集到单独的 maple tree 里") \
	X(MUNMAP_COUNTED, \
	  "the statistics lose {pages} page(s) at once: total_vm becomes " \
	  "{total_vm}", \
	  "一次性更新统计数据：减少 {pages} 页，total_vm 变为 {total_vm}") \
	X(MUNMAP_UNLOCKS, \
	  "{area} is locked: unlocks its {pages} page(s), locked_vm becomes " \
	  "{locked_vm}", \
	  "{area}是锁定的：解锁它的 {pages} 页，locked_vm 变为 {locked_vm}") \
	X(UNMAP_REGION, \
	  "the pages of [{start}, {end}) are released, then their page " \
	  "tables, but nothing below {floor} or from {ceiling} on", \
	  "释放 [{start}, {end}) 的页框，再回收页表，但不影响 {floor} 以下和 " \
	  "{ceiling} 以上的部分") \
	X(TLB_GATHERED, \
	  "an mmu_gather is set up for [{start}, {end}): it collects pages " \
	  "until the TLB is flushed", \
	  "初始化 [{start}, {end}) 的 mmu_gather，用来收集要释放的页，直到刷" \
	  "新 TLB") \
	X(UNMAP_PAGES, \
	  "the page table entries of {area} [{start}, {end}) are cleared: " \
	  "{pages} resident page(s)", \
	  "扫描{area} [{start}, {end}) 的页表项并释放相应的页：{pages} 个驻留" \
	  "页") \
	X(TABLES_RANGE, \
	  "the emptied page tables of [{start}, {end}) are freed, between " \
	  "floor {floor} and ceiling {ceiling} (0x0: none)", \
	  "回收 [{start}, {end}) 中已清空的页表，floor 是 {floor}，ceiling 是 " \
	  "{ceiling}（0x0 表示没有）") \
	X(TABLES_NONE, \
	  "the page table of [{start}, {end}) covers 2 MiB and may serve " \
	  "neighbours below floor {floor} or from ceiling {ceiling} on: no " \
	  "page table is freed", \
	  "[{start}, {end}) 所在的页表覆盖 2 MiB，floor {floor} 以下或 " \
	  "ceiling {ceiling} 以上的邻居可能还要用：不回收任何页表") \
	X(TABLES_PTE_FREED, \
	  "the page table of [{addr}, {end}) is freed", \
	  "释放 [{addr}, {end}) 的页表（PTE 级）") \
	X(TABLES_PMD_FREED, \
	  "the page middle directory of [{addr}, {end}) is freed", \
	  "释放 [{addr}, {end}) 的页中间目录（PMD 级）") \
	X(TABLES_PUD_FREED, \
	  "the page upper directory of [{addr}, {end}) is freed", \
	  "释放 [{addr}, {end}) 的页上级目录（PUD 级）") \
	X(TABLES_PMD_KEPT, \
	  "the page middle directory of [{addr}, {end}) reaches below floor " \
	  "{floor} or above ceiling {ceiling}: it stays", \
	  "[{addr}, {end}) 的页中间目录（PMD 级）越过了 floor {floor} 或 " \
	  "ceiling {ceiling}：保留") \
	X(TABLES_PUD_KEPT, \
	  "the page upper directory of [{addr}, {end}) reaches below floor " \
	  "{floor} or above ceiling {ceiling}: it stays", \
	  "[{addr}, {end}) 的页上级目录（PUD 级）越过了 floor {floor} 或 " \
	  "ceiling {ceiling}：保留") \
	X(TLB_FLUSHED, \
	  "the TLB is flushed for [{start}, {end}), and the pages go back to " \
	  "the buddy system", \
	  "刷新 [{start}, {end}) 的 TLB，把页框释放回伙伴系统")
/* clang-format on */
