/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target without libFuzzer
 *
 * fuzz_NAME [-runs=N] [-seed=S] [-max_total_time=SECONDS] FILE|FOLDER...
 *
 * Every file is fed as it is, then N inputs that are seeded mutations of them.
 * The options mean what they mean to libFuzzer, whose other options are
 * ignored, so one command line serves both. The input that ends the program
 * is kept in the file crash-input of the current folder.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	INPUT_MAX = 4096,
	MUTATIONS_MAX = 8
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));
void __sanitizer_set_death_callback(void (*callback)(void))
	__attribute__((weak));

struct input {
	uint8_t *data;
	size_t size;
};

struct corpus {
	struct input *inputs;
	size_t count;
};

struct options {
	unsigned long runs;
	uint64_t seed;
	long seconds;
};

/* What is being run, for the crash handlers. */
static struct input current;

static uint64_t random_state;

/* xorshift64*: the same inputs for a seed on every machine. */
static uint64_t random_next(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * UINT64_C(2685821657736338717);
}

static size_t random_below(size_t bound)
{
	return bound ? random_next() % bound : 0;
}

static void *allocate(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p) {
		fputs("no memory for the corpus\n", stderr);
		exit(2);
	}
	return p;
}

static void keep_current(void)
{
	static const char message[] = "the input is kept in crash-input\n";
	int fd = open("crash-input", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	bool is_kept;

	if (fd < 0)
		return;
	is_kept =
		write(fd, current.data, current.size) == (ssize_t)current.size;
	close(fd);
	if (is_kept && write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(1);
}

static void keep_current_on_abort(int signo)
{
	keep_current();
	signal(signo, SIG_DFL);
	raise(signo);
}

/* The target gets memory of exactly its size, so that a read past it is seen. */
static void run(const uint8_t *data, size_t size)
{
	current.data = allocate(size);
	current.size = size;
	if (size)
		memcpy(current.data, data, size);
	LLVMFuzzerTestOneInput(current.data, size);
	free(current.data);
	current = (struct input){ NULL, 0 };
}

static void corpus_add(struct corpus *corpus, uint8_t *data, size_t size)
{
	size_t bytes = (corpus->count + 1) * sizeof(*corpus->inputs);
	struct input *inputs = realloc(corpus->inputs, bytes);

	if (!inputs) {
		fputs("no memory for the corpus\n", stderr);
		exit(2);
	}
	inputs[corpus->count++] = (struct input){ data, size };
	corpus->inputs = inputs;
}

static void corpus_free(struct corpus *corpus)
{
	size_t i;

	for (i = 0; i < corpus->count; i++)
		free(corpus->inputs[i].data);
	free(corpus->inputs);
}

static bool corpus_add_file(struct corpus *corpus, const char *path,
			    size_t size)
{
	uint8_t *data = allocate(size);
	FILE *file = fopen(path, "rb");
	bool is_read = file && fread(data, 1, size, file) == size;

	if (file)
		fclose(file);
	if (!is_read) {
		perror(path);
		free(data);
		return false;
	}
	corpus_add(corpus, data, size);
	return true;
}

static bool corpus_add_path(struct corpus *corpus, const char *path);

static bool corpus_add_folder(struct corpus *corpus, const char *path)
{
	struct dirent **entries;
	bool is_read = true;
	char child[4096];
	int i, count;

	/* Sorted, so that a seed means the same inputs everywhere. */
	count = scandir(path, &entries, NULL, alphasort);
	if (count < 0) {
		perror(path);
		return false;
	}
	for (i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.') {
			snprintf(child, sizeof(child), "%s/%s", path,
				 entries[i]->d_name);
			is_read = is_read && corpus_add_path(corpus, child);
		}
		free(entries[i]);
	}
	free(entries);
	return is_read;
}

static bool corpus_add_path(struct corpus *corpus, const char *path)
{
	struct stat st;

	if (stat(path, &st)) {
		perror(path);
		return false;
	}
	if (S_ISDIR(st.st_mode))
		return corpus_add_folder(corpus, path);
	return corpus_add_file(corpus, path, st.st_size);
}

static size_t insert_byte(uint8_t *data, size_t size)
{
	size_t at = random_below(size + 1);

	if (size == INPUT_MAX)
		return size;
	memmove(data + at + 1, data + at, size - at);
	data[at] = (uint8_t)random_next();
	return size + 1;
}

static size_t erase_range(uint8_t *data, size_t size)
{
	size_t at = random_below(size);
	size_t length = 1 + random_below((size - at) / 4 + 1);

	if (length > size - at)
		length = size - at;
	memmove(data + at, data + at + length, size - at - length);
	return size - length;
}

/* Overwrites the end of the input with a piece of another one. */
static size_t splice_input(uint8_t *data, size_t size,
			   const struct input *other)
{
	size_t at = random_below(size + 1);
	size_t from = random_below(other->size + 1);
	size_t length = other->size - from;

	if (length > INPUT_MAX - at)
		length = INPUT_MAX - at;
	if (length)
		memcpy(data + at, other->data + from, length);
	return at + length;
}

static size_t mutate(uint8_t *data, size_t size, const struct corpus *corpus)
{
	if (!size)
		return insert_byte(data, size);
	switch (random_below(6)) {
	case 0:
		data[random_below(size)] ^= 1u << random_below(8);
		return size;
	case 1:
		data[random_below(size)] = (uint8_t)random_next();
		return size;
	case 2:
		return insert_byte(data, size);
	case 3:
		return erase_range(data, size);
	case 4:
		return random_below(size);
	default:
		return splice_input(
			data, size,
			&corpus->inputs[random_below(corpus->count)]);
	}
}

static void run_mutation(const struct corpus *corpus)
{
	const struct input *seed = &corpus->inputs[random_below(corpus->count)];
	size_t size = seed->size < INPUT_MAX ? seed->size : INPUT_MAX;
	size_t steps = 1 + random_below(MUTATIONS_MAX);
	uint8_t data[INPUT_MAX];

	if (size)
		memcpy(data, seed->data, size);
	while (steps--)
		size = mutate(data, size, corpus);
	run(data, size);
}

static void read_option(struct options *options, const char *arg)
{
	unsigned long long seed;

	if (sscanf(arg, "-runs=%lu", &options->runs) == 1)
		return;
	if (sscanf(arg, "-max_total_time=%ld", &options->seconds) == 1)
		return;
	if (sscanf(arg, "-seed=%llu", &seed) == 1)
		options->seed = seed;
}

int main(int argc, char **argv)
{
	struct options options = { .runs = 0, .seed = 1, .seconds = 60 };
	struct corpus corpus = { NULL, 0 };
	unsigned long done = 0;
	time_t start = time(NULL);
	size_t i;
	int arg;

	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(keep_current);
	signal(SIGABRT, keep_current_on_abort);

	for (arg = 1; arg < argc; arg++) {
		if (argv[arg][0] == '-')
			read_option(&options, argv[arg]);
		else if (!corpus_add_path(&corpus, argv[arg]))
			return 2;
	}
	/* The empty input belongs to every corpus. */
	corpus_add(&corpus, allocate(0), 0);
	for (i = 0; i < corpus.count; i++)
		run(corpus.inputs[i].data, corpus.inputs[i].size);

	fprintf(stderr, "seed %llu\n", (unsigned long long)options.seed);
	/* The generator never leaves zero, so no seed may start it there. */
	random_state = options.seed ? options.seed : UINT64_MAX;
	while (done < options.runs && time(NULL) - start < options.seconds) {
		run_mutation(&corpus);
		done++;
	}
	fprintf(stderr, "%zu inputs and %lu mutations run\n", corpus.count,
		done);
	corpus_free(&corpus);
	return 0;
}
