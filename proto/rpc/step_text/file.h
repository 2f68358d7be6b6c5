/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of files that lose pages. */
/* clang-format off */
#define STEP_TEXTS_FILE(X) \
	X(FILE_RESIZED, \
	  "the size of inode {inode} changes from {old} to {size} byte(s)", \
	  "inode {inode} 的大小从 {old} 字节变为 {size} 字节") \
	X(FILE_UNMAPPED, \
	  "the pages of {area} in [{start}, {end}) are not the file's any " \
	  "more: they are unmapped", \
	  "{area}中 [{start}, {end}) 的页不再属于文件：取消映射") \
	X(FILE_DROPPED, \
	  "from page {pgoff} on, {pages} page(s) of inode {inode} leave the " \
	  "page cache", \
	  "inode {inode} 从第 {pgoff} 页起有 {pages} 页离开页缓存")
/* clang-format on */
