/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What GET / shows people: what this is and how to call it
 */

/* The page, in UTF-8. */
extern const char page_html[];

/* The fields that go with it: it may load nothing and be framed nowhere. */
extern const char page_fields[];
