# SPDX-License-Identifier: MIT
"""Every method of the service. Written by generate.py from the server's OpenRPC document."""
from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence, Union

from .result import Result

Number = Union[int, str]


class ServiceCalls:
    """Methods that are of no process."""

    def _call(self, method: str, params: Mapping[str, Any]) -> Result:
        raise NotImplementedError

    def process_create(
            self,
            *,
            profile: Optional[str] = None,
            maps: Optional[Union[str, Sequence[str]]] = None,
            mm: Optional[Mapping[str, Any]] = None,
            resident: Optional[Sequence[Any]] = None,
            vmacache: Optional[str] = None,
            rlimits: Optional[Mapping[str, Any]] = None,
            sysctl: Optional[Mapping[str, Any]] = None,
            mem_total_kb: Optional[int] = None,
            committed_kb: Optional[int] = None,
            uid: Optional[int] = None,
            files: Optional[Sequence[Any]] = None,
            seed: Optional[Number] = None,
            history: Optional[Number] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """process.create: Make a process, and with it a world.

        profile: The kernel release whose behaviour is emulated, on x86-64 with 47-bit
            addresses.
        maps: The areas, as /proc/PID/maps prints them, in an array of lines or one text;
            device and inode may be left out. Default: what the release's loader makes of a
            small static program.
        mm: Fields of the address space; what is missing is worked out as the loader would,
            or from maps and resident.
        resident: Pages present at the start: addresses, [start, end] ranges or [start, end,
            kind].
        vmacache: Whether the thread's look-up cache agrees with the address space at the
            start, or is one change behind.
        rlimits: Resource limits in bytes, -1 for infinity.
        sysctl: Settings under /proc/sys/vm.
        mem_total_kb: Memory of the emulated machine, for the overcommit rules.
        committed_kb: Memory committed on the machine at the start, this process's included.
            Default: this process's alone.
        uid: 0 means every capability, anything else none.
        files: Open virtual files.
        seed: Address space randomisation; 0: none.
        history: Operations kept; older ones fold into the base state. "all": an operation
            that would pass the server's limit is refused.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("process.create", {
            "profile": profile,
            "maps": maps,
            "mm": mm,
            "resident": resident,
            "vmacache": vmacache,
            "rlimits": rlimits,
            "sysctl": sysctl,
            "mem_total_kb": mem_total_kb,
            "committed_kb": committed_kb,
            "uid": uid,
            "files": files,
            "seed": seed,
            "history": history,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def process_list(
            self,
            *,
            cursor: Optional[int] = None,
            limit: Optional[int] = None,
    ) -> Result:
        """process.list: The processes that belong to the caller's token, a page at a time. While the answer has a cursor there may be more, even if the page is empty.

        cursor: Where to go on: the cursor of the page before.
        limit: Processes that the page may hold.
        """
        return self._call("process.list", {
            "cursor": cursor,
            "limit": limit,
        })

    def profile_list(
            self,
    ) -> Result:
        """profile.list: The kernel releases that are emulated, the default one first, and what they differ in."""
        return self._call("profile.list", {})

    def rpc_discover(
            self,
    ) -> Result:
        """rpc.discover: This description, as an OpenRPC document."""
        return self._call("rpc.discover", {})

    def world_import(
            self,
            document: Any,
            *,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """world.import: Make the world of a document, and compare each answer and the state with what was recorded.

        document: What world.export answered: the document or the link.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("world.import", {
            "document": document,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def script_run(
            self,
            script: str,
            *,
            process: Optional[str] = None,
            create: Optional[Mapping[str, Any]] = None,
            steps: Optional[int] = None,
            each: Optional[Sequence[str]] = None,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """script.run: Run a text of calls, all of them or none. An expectation that does not hold is a result; an error changes nothing.

        script: The text, as docs/SCRIPTS.md describes it.
        process: The process that the calls are for. Default: a new one, which stays.
        create: Without a process: what the new one is made with, as process.create takes
            it.
        steps: Steps that the script may take; each line that runs is one. Default, and at
            most: the server's limit.
        each: The parts of the snapshot in each call's result.
        thread: The thread that calls where a line names none.
        want: The parts of the snapshot in the result.
        lang: Of what is said to be wrong with the script, which is English without it; and
            of a sentence a step, where calls want steps.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("script.run", {
            "script": script,
            "process": process,
            "create": create,
            "steps": steps,
            "each": each,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })


class ProcessCalls:
    """Methods of one process."""

    def _call(self, method: str, params: Mapping[str, Any]) -> Result:
        raise NotImplementedError

    def get(
            self,
    ) -> Result:
        """process.get: What a process was created with, its age and counters, and how much its world holds of what it may."""
        return self._call("process.get", {})

    def share(
            self,
            *,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """process.share: Make a second name for a process, with which one may look at it, watch it, and branch its world, but not change it.

        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("process.share", {
            "idempotency_key": idempotency_key,
        })

    def unshare(
            self,
            *,
            share: Optional[Mapping[str, Any]] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """process.unshare: Revoke a share of a process, or all of them. Who watches by it is told that this has ended.

        share: Of this process. Default: all it has.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("process.unshare", {
            "share": share,
            "idempotency_key": idempotency_key,
        })

    def fork(
            self,
            *,
            thread: Optional[int] = None,
            vm: Optional[bool] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """process.fork: Copy a process, as fork does, into the same world; the snapshot is the child's.

        thread: The thread that forks.
        vm: Whether the child shares the address space, as after vfork or clone with
            CLONE_VM.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("process.fork", {
            "thread": thread,
            "vm": vm,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def exec(
            self,
            program: Mapping[str, Any],
            *,
            argv: Optional[Union[Sequence[str], Mapping[str, int]]] = None,
            envp: Optional[Union[Sequence[str], Mapping[str, int]]] = None,
            interpreter: Optional[Mapping[str, Any]] = None,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """process.exec: Replace the program of a process, as execve does. After E2BIG and ENOEXEC the old one runs on; after any other error the process is gone.

        program: The program that takes over.
        argv: The arguments, or how many and how long they are. Default: the path alone.
        envp: The environment, likewise. Default: empty.
        interpreter: What the program's PT_INTERP names: its dynamic linker.
        thread: The thread that calls; it becomes thread 1, all others end.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("process.exec", {
            "program": program,
            "argv": argv,
            "envp": envp,
            "interpreter": interpreter,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def exit(
            self,
            *,
            idempotency_key: Optional[Mapping[str, Any]] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """process.exit: End all threads of a process. Its name is gone.

        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return self._call("process.exit", {
            "idempotency_key": idempotency_key,
            "want": want,
            "lang": lang,
        })

    def thread_create(
            self,
            *,
            thread: Optional[int] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """thread.create: Clone a thread that shares the address space.

        thread: The thread that clones.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return self._call("thread.create", {
            "thread": thread,
            "idempotency_key": idempotency_key,
            "want": want,
            "lang": lang,
        })

    def thread_exit(
            self,
            thread: int,
            *,
            idempotency_key: Optional[Mapping[str, Any]] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """thread.exit: End one thread, and with the last one the process.

        thread: The thread that ends; with the last one its process ends.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return self._call("thread.exit", {
            "thread": thread,
            "idempotency_key": idempotency_key,
            "want": want,
            "lang": lang,
        })

    def file_open(
            self,
            fd: int,
            name: str,
            size: Optional[Number] = None,
            *,
            mode: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """file.open: Open a virtual file on a tmpfs, all holes.

        fd: The descriptor to open.
        name: The file's name; its path is / and the name.
        size: Bytes, all holes.
        mode: How the file is opened.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return self._call("file.open", {
            "fd": fd,
            "name": name,
            "size": size,
            "mode": mode,
            "idempotency_key": idempotency_key,
            "want": want,
            "lang": lang,
        })

    def file_truncate(
            self,
            fd: Number,
            size: Number,
            *,
            idempotency_key: Optional[Mapping[str, Any]] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """file.truncate: Change the size of an open file, as ftruncate does; pages beyond it are gone from every mapping.

        fd: A descriptor.
        size: The file's new size in bytes.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return self._call("file.truncate", {
            "fd": fd,
            "size": size,
            "idempotency_key": idempotency_key,
            "want": want,
            "lang": lang,
        })

    def file_close(
            self,
            fd: int,
            *,
            idempotency_key: Optional[Mapping[str, Any]] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """file.close: Close a descriptor; what is mapped stays mapped.

        fd: An open descriptor.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return self._call("file.close", {
            "fd": fd,
            "idempotency_key": idempotency_key,
            "want": want,
            "lang": lang,
        })

    def brk(
            self,
            addr: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.brk: Move the program break; the answer is the break that holds.

        addr: The wanted break.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.brk", {
            "addr": addr,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def mmap(
            self,
            addr: Number,
            length: Number,
            prot: Number,
            flags: Number,
            fd: Optional[Number] = None,
            offset: Optional[Number] = None,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mmap: Create a mapping.

        addr: A hint, or the address with MAP_FIXED.
        length: Bytes.
        prot: PROT_*, by number or by name.
        flags: MAP_*, by number or by name.
        fd: An open descriptor, or -1.
        offset: Into the file, in bytes.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.mmap", {
            "addr": addr,
            "length": length,
            "prot": prot,
            "flags": flags,
            "fd": fd,
            "offset": offset,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def munmap(
            self,
            addr: Number,
            length: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.munmap: Remove every page of a range.

        addr: An address.
        length: Bytes.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.munmap", {
            "addr": addr,
            "length": length,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def mprotect(
            self,
            addr: Number,
            length: Number,
            prot: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mprotect: Change what may be done with a range.

        addr: An address.
        length: Bytes.
        prot: PROT_*, by number or by name.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.mprotect", {
            "addr": addr,
            "length": length,
            "prot": prot,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def mremap(
            self,
            old_address: Number,
            old_size: Number,
            new_size: Number,
            flags: Number,
            new_address: Optional[Number] = None,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mremap: Grow, shrink or move a mapping.

        old_address: Where the mapping is.
        old_size: Its bytes; 0 maps shared memory once more.
        new_size: The bytes it shall have.
        flags: MREMAP_*, by number or by name.
        new_address: Where it shall be, with MREMAP_FIXED.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.mremap", {
            "old_address": old_address,
            "old_size": old_size,
            "new_size": new_size,
            "flags": flags,
            "new_address": new_address,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def mlock(
            self,
            addr: Number,
            length: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mlock: Lock a range into memory, and make it present.

        addr: An address.
        length: Bytes.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.mlock", {
            "addr": addr,
            "length": length,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def mlock2(
            self,
            addr: Number,
            length: Number,
            flags: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mlock2: Lock a range into memory; with MLOCK_ONFAULT page by page as it is touched.

        addr: An address.
        length: Bytes.
        flags: MLOCK_ONFAULT or 0.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.mlock2", {
            "addr": addr,
            "length": length,
            "flags": flags,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def munlock(
            self,
            addr: Number,
            length: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.munlock: Unlock a range.

        addr: An address.
        length: Bytes.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.munlock", {
            "addr": addr,
            "length": length,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def mlockall(
            self,
            flags: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mlockall: Lock all areas, or those to come.

        flags: MCL_*, by number or by name.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.mlockall", {
            "flags": flags,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def munlockall(
            self,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.munlockall: Unlock all areas, those to come as well.

        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.munlockall", {
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def madvise(
            self,
            addr: Number,
            length: Number,
            advice: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.madvise: Tell the kernel about the use of a range.

        addr: An address.
        length: Bytes.
        advice: One MADV_*, by number or by name.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.madvise", {
            "addr": addr,
            "length": length,
            "advice": advice,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def mincore(
            self,
            addr: Number,
            length: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mincore: Ask which pages of a range are in memory.

        addr: An address.
        length: Bytes.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.mincore", {
            "addr": addr,
            "length": length,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def msync(
            self,
            addr: Number,
            length: Number,
            flags: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.msync: Write the shared file pages of a range back.

        addr: An address.
        length: Bytes.
        flags: MS_*, by number or by name.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.msync", {
            "addr": addr,
            "length": length,
            "flags": flags,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def remap_file_pages(
            self,
            addr: Number,
            size: Number,
            prot: Number,
            pgoff: Number,
            flags: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.remap_file_pages: Map other pages of a shared area's file.

        addr: An address.
        size: Bytes.
        prot: Must be 0.
        pgoff: The page of the file that shall be at addr.
        flags: MAP_NONBLOCK or 0.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.remap_file_pages", {
            "addr": addr,
            "size": size,
            "prot": prot,
            "pgoff": pgoff,
            "flags": flags,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def mseal(
            self,
            addr: Number,
            length: Number,
            flags: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mseal: Forbid changes to a range's mapping for good.

        addr: An address.
        length: Bytes.
        flags: Must be 0.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.mseal", {
            "addr": addr,
            "length": length,
            "flags": flags,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def access(
            self,
            addr: Number,
            type: str,
            length: Optional[Number] = None,
            *,
            sp: Optional[Number] = None,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.access: Touch memory as the processor does, faults included.

        addr: The first byte.
        type: What is done to each page, in order; the first signal ends it.
        length: Bytes.
        sp: The stack pointer, where a release looks at it. Default: no check refuses.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.access", {
            "addr": addr,
            "type": type,
            "length": length,
            "sp": sp,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def find_vma(
            self,
            addr: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.find_vma: Look up the first area that ends above an address, as the kernel does it: cache first.

        addr: An address.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("mm.find_vma", {
            "addr": addr,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def snapshot(
            self,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """mm.snapshot: The parts of the state that are wanted.

        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return self._call("mm.snapshot", {
            "thread": thread,
            "want": want,
            "lang": lang,
        })

    def maps(
            self,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """mm.maps: What /proc/PID/maps of the release prints.

        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return self._call("mm.maps", {
            "thread": thread,
            "want": want,
            "lang": lang,
        })

    def smaps(
            self,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """mm.smaps: What /proc/PID/smaps of the release prints.

        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return self._call("mm.smaps", {
            "thread": thread,
            "want": want,
            "lang": lang,
        })

    def status(
            self,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """mm.status: What /proc/PID/status of the release prints about memory.

        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return self._call("mm.status", {
            "thread": thread,
            "want": want,
            "lang": lang,
        })

    def explain(
            self,
            method: str,
            *,
            params: Optional[Union[Mapping[str, Any], Sequence[Any]]] = None,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """mm.explain: What a call would do, step by step; it is tried in a copy of the world, and nothing changes.

        method: The call that is asked about.
        params: Its parameters, without the process; by position they begin behind it.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return self._call("mm.explain", {
            "method": method,
            "params": params,
            "thread": thread,
            "want": want,
            "lang": lang,
        })

    def history_list(
            self,
            *,
            from_: Optional[int] = None,
            count: Optional[int] = None,
            answers: Optional[bool] = None,
    ) -> Result:
        """history.list: The operations of the process's world, in order, page by page.

        from_: The seq to begin with. Default: the oldest that is kept.
        count: Operations in the answer, at most.
        answers: Whether each comes with its answer, which is found by carrying them out
            again.
        """
        return self._call("history.list", {
            "from": from_,
            "count": count,
            "answers": answers,
        })

    def history_at(
            self,
            seq: int,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """history.at: The parts of an earlier state that are wanted; the present stays as it is.

        seq: The state after this operation; 0: as created.
        thread: Whose look-up cache is shown.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return self._call("history.at", {
            "seq": seq,
            "thread": thread,
            "want": want,
            "lang": lang,
        })

    def history_diff(
            self,
            from_: int,
            *,
            to: Optional[int] = None,
            other: Optional[str] = None,
            thread: Optional[int] = None,
    ) -> Result:
        """history.diff: What differs between two states of a process, or of two processes.

        from_: The state after this operation is compared.
        to: With the state after this one. Default: the present.
        other: Of this process. Default: the same one.
        thread: Whose look-up cache is compared.
        """
        return self._call("history.diff", {
            "from": from_,
            "to": to,
            "other": other,
            "thread": thread,
        })

    def history_rewind(
            self,
            seq: int,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """history.rewind: Undo the later operations of the process's world. They are forgotten, and seq goes on from there.

        seq: The last operation that is not undone; 0: all are.
        thread: Whose look-up cache is shown.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("history.rewind", {
            "seq": seq,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def world_branch(
            self,
            *,
            seq: Optional[int] = None,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """world.branch: Make a second world with the same past, whose processes have names of their own.

        seq: The last operation that the new world has in common with this one. Default: the
            last of all.
        thread: Whose look-up cache is shown.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return self._call("world.branch", {
            "seq": seq,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    def world_export(
            self,
            *,
            title: Optional[str] = None,
            notes: Optional[str] = None,
            positions: Optional[Mapping[str, Any]] = None,
            form: Optional[str] = None,
    ) -> Result:
        """world.export: The process's world as one document: how it was created, all operations with their answers, and a hash of the state; or that document as a link.

        title: For people; kept in the document.
        notes: For people; kept in the document.
        positions: What a view likes; kept in the document.
        form: A JSON object, or a text for the fragment of a URL that holds it.
        """
        return self._call("world.export", {
            "title": title,
            "notes": notes,
            "positions": positions,
            "form": form,
        })


class AsyncServiceCalls:
    """Methods that are of no process."""

    async def _call(self, method: str, params: Mapping[str, Any]) -> Result:
        raise NotImplementedError

    async def process_create(
            self,
            *,
            profile: Optional[str] = None,
            maps: Optional[Union[str, Sequence[str]]] = None,
            mm: Optional[Mapping[str, Any]] = None,
            resident: Optional[Sequence[Any]] = None,
            vmacache: Optional[str] = None,
            rlimits: Optional[Mapping[str, Any]] = None,
            sysctl: Optional[Mapping[str, Any]] = None,
            mem_total_kb: Optional[int] = None,
            committed_kb: Optional[int] = None,
            uid: Optional[int] = None,
            files: Optional[Sequence[Any]] = None,
            seed: Optional[Number] = None,
            history: Optional[Number] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """process.create: Make a process, and with it a world.

        profile: The kernel release whose behaviour is emulated, on x86-64 with 47-bit
            addresses.
        maps: The areas, as /proc/PID/maps prints them, in an array of lines or one text;
            device and inode may be left out. Default: what the release's loader makes of a
            small static program.
        mm: Fields of the address space; what is missing is worked out as the loader would,
            or from maps and resident.
        resident: Pages present at the start: addresses, [start, end] ranges or [start, end,
            kind].
        vmacache: Whether the thread's look-up cache agrees with the address space at the
            start, or is one change behind.
        rlimits: Resource limits in bytes, -1 for infinity.
        sysctl: Settings under /proc/sys/vm.
        mem_total_kb: Memory of the emulated machine, for the overcommit rules.
        committed_kb: Memory committed on the machine at the start, this process's included.
            Default: this process's alone.
        uid: 0 means every capability, anything else none.
        files: Open virtual files.
        seed: Address space randomisation; 0: none.
        history: Operations kept; older ones fold into the base state. "all": an operation
            that would pass the server's limit is refused.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("process.create", {
            "profile": profile,
            "maps": maps,
            "mm": mm,
            "resident": resident,
            "vmacache": vmacache,
            "rlimits": rlimits,
            "sysctl": sysctl,
            "mem_total_kb": mem_total_kb,
            "committed_kb": committed_kb,
            "uid": uid,
            "files": files,
            "seed": seed,
            "history": history,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def process_list(
            self,
            *,
            cursor: Optional[int] = None,
            limit: Optional[int] = None,
    ) -> Result:
        """process.list: The processes that belong to the caller's token, a page at a time. While the answer has a cursor there may be more, even if the page is empty.

        cursor: Where to go on: the cursor of the page before.
        limit: Processes that the page may hold.
        """
        return await self._call("process.list", {
            "cursor": cursor,
            "limit": limit,
        })

    async def profile_list(
            self,
    ) -> Result:
        """profile.list: The kernel releases that are emulated, the default one first, and what they differ in."""
        return await self._call("profile.list", {})

    async def rpc_discover(
            self,
    ) -> Result:
        """rpc.discover: This description, as an OpenRPC document."""
        return await self._call("rpc.discover", {})

    async def world_import(
            self,
            document: Any,
            *,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """world.import: Make the world of a document, and compare each answer and the state with what was recorded.

        document: What world.export answered: the document or the link.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("world.import", {
            "document": document,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def script_run(
            self,
            script: str,
            *,
            process: Optional[str] = None,
            create: Optional[Mapping[str, Any]] = None,
            steps: Optional[int] = None,
            each: Optional[Sequence[str]] = None,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """script.run: Run a text of calls, all of them or none. An expectation that does not hold is a result; an error changes nothing.

        script: The text, as docs/SCRIPTS.md describes it.
        process: The process that the calls are for. Default: a new one, which stays.
        create: Without a process: what the new one is made with, as process.create takes
            it.
        steps: Steps that the script may take; each line that runs is one. Default, and at
            most: the server's limit.
        each: The parts of the snapshot in each call's result.
        thread: The thread that calls where a line names none.
        want: The parts of the snapshot in the result.
        lang: Of what is said to be wrong with the script, which is English without it; and
            of a sentence a step, where calls want steps.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("script.run", {
            "script": script,
            "process": process,
            "create": create,
            "steps": steps,
            "each": each,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })


class AsyncProcessCalls:
    """Methods of one process."""

    async def _call(self, method: str, params: Mapping[str, Any]) -> Result:
        raise NotImplementedError

    async def get(
            self,
    ) -> Result:
        """process.get: What a process was created with, its age and counters, and how much its world holds of what it may."""
        return await self._call("process.get", {})

    async def share(
            self,
            *,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """process.share: Make a second name for a process, with which one may look at it, watch it, and branch its world, but not change it.

        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("process.share", {
            "idempotency_key": idempotency_key,
        })

    async def unshare(
            self,
            *,
            share: Optional[Mapping[str, Any]] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """process.unshare: Revoke a share of a process, or all of them. Who watches by it is told that this has ended.

        share: Of this process. Default: all it has.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("process.unshare", {
            "share": share,
            "idempotency_key": idempotency_key,
        })

    async def fork(
            self,
            *,
            thread: Optional[int] = None,
            vm: Optional[bool] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """process.fork: Copy a process, as fork does, into the same world; the snapshot is the child's.

        thread: The thread that forks.
        vm: Whether the child shares the address space, as after vfork or clone with
            CLONE_VM.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("process.fork", {
            "thread": thread,
            "vm": vm,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def exec(
            self,
            program: Mapping[str, Any],
            *,
            argv: Optional[Union[Sequence[str], Mapping[str, int]]] = None,
            envp: Optional[Union[Sequence[str], Mapping[str, int]]] = None,
            interpreter: Optional[Mapping[str, Any]] = None,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """process.exec: Replace the program of a process, as execve does. After E2BIG and ENOEXEC the old one runs on; after any other error the process is gone.

        program: The program that takes over.
        argv: The arguments, or how many and how long they are. Default: the path alone.
        envp: The environment, likewise. Default: empty.
        interpreter: What the program's PT_INTERP names: its dynamic linker.
        thread: The thread that calls; it becomes thread 1, all others end.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("process.exec", {
            "program": program,
            "argv": argv,
            "envp": envp,
            "interpreter": interpreter,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def exit(
            self,
            *,
            idempotency_key: Optional[Mapping[str, Any]] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """process.exit: End all threads of a process. Its name is gone.

        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return await self._call("process.exit", {
            "idempotency_key": idempotency_key,
            "want": want,
            "lang": lang,
        })

    async def thread_create(
            self,
            *,
            thread: Optional[int] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """thread.create: Clone a thread that shares the address space.

        thread: The thread that clones.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return await self._call("thread.create", {
            "thread": thread,
            "idempotency_key": idempotency_key,
            "want": want,
            "lang": lang,
        })

    async def thread_exit(
            self,
            thread: int,
            *,
            idempotency_key: Optional[Mapping[str, Any]] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """thread.exit: End one thread, and with the last one the process.

        thread: The thread that ends; with the last one its process ends.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return await self._call("thread.exit", {
            "thread": thread,
            "idempotency_key": idempotency_key,
            "want": want,
            "lang": lang,
        })

    async def file_open(
            self,
            fd: int,
            name: str,
            size: Optional[Number] = None,
            *,
            mode: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """file.open: Open a virtual file on a tmpfs, all holes.

        fd: The descriptor to open.
        name: The file's name; its path is / and the name.
        size: Bytes, all holes.
        mode: How the file is opened.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return await self._call("file.open", {
            "fd": fd,
            "name": name,
            "size": size,
            "mode": mode,
            "idempotency_key": idempotency_key,
            "want": want,
            "lang": lang,
        })

    async def file_truncate(
            self,
            fd: Number,
            size: Number,
            *,
            idempotency_key: Optional[Mapping[str, Any]] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """file.truncate: Change the size of an open file, as ftruncate does; pages beyond it are gone from every mapping.

        fd: A descriptor.
        size: The file's new size in bytes.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return await self._call("file.truncate", {
            "fd": fd,
            "size": size,
            "idempotency_key": idempotency_key,
            "want": want,
            "lang": lang,
        })

    async def file_close(
            self,
            fd: int,
            *,
            idempotency_key: Optional[Mapping[str, Any]] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """file.close: Close a descriptor; what is mapped stays mapped.

        fd: An open descriptor.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return await self._call("file.close", {
            "fd": fd,
            "idempotency_key": idempotency_key,
            "want": want,
            "lang": lang,
        })

    async def brk(
            self,
            addr: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.brk: Move the program break; the answer is the break that holds.

        addr: The wanted break.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.brk", {
            "addr": addr,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def mmap(
            self,
            addr: Number,
            length: Number,
            prot: Number,
            flags: Number,
            fd: Optional[Number] = None,
            offset: Optional[Number] = None,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mmap: Create a mapping.

        addr: A hint, or the address with MAP_FIXED.
        length: Bytes.
        prot: PROT_*, by number or by name.
        flags: MAP_*, by number or by name.
        fd: An open descriptor, or -1.
        offset: Into the file, in bytes.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.mmap", {
            "addr": addr,
            "length": length,
            "prot": prot,
            "flags": flags,
            "fd": fd,
            "offset": offset,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def munmap(
            self,
            addr: Number,
            length: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.munmap: Remove every page of a range.

        addr: An address.
        length: Bytes.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.munmap", {
            "addr": addr,
            "length": length,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def mprotect(
            self,
            addr: Number,
            length: Number,
            prot: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mprotect: Change what may be done with a range.

        addr: An address.
        length: Bytes.
        prot: PROT_*, by number or by name.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.mprotect", {
            "addr": addr,
            "length": length,
            "prot": prot,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def mremap(
            self,
            old_address: Number,
            old_size: Number,
            new_size: Number,
            flags: Number,
            new_address: Optional[Number] = None,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mremap: Grow, shrink or move a mapping.

        old_address: Where the mapping is.
        old_size: Its bytes; 0 maps shared memory once more.
        new_size: The bytes it shall have.
        flags: MREMAP_*, by number or by name.
        new_address: Where it shall be, with MREMAP_FIXED.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.mremap", {
            "old_address": old_address,
            "old_size": old_size,
            "new_size": new_size,
            "flags": flags,
            "new_address": new_address,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def mlock(
            self,
            addr: Number,
            length: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mlock: Lock a range into memory, and make it present.

        addr: An address.
        length: Bytes.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.mlock", {
            "addr": addr,
            "length": length,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def mlock2(
            self,
            addr: Number,
            length: Number,
            flags: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mlock2: Lock a range into memory; with MLOCK_ONFAULT page by page as it is touched.

        addr: An address.
        length: Bytes.
        flags: MLOCK_ONFAULT or 0.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.mlock2", {
            "addr": addr,
            "length": length,
            "flags": flags,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def munlock(
            self,
            addr: Number,
            length: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.munlock: Unlock a range.

        addr: An address.
        length: Bytes.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.munlock", {
            "addr": addr,
            "length": length,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def mlockall(
            self,
            flags: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mlockall: Lock all areas, or those to come.

        flags: MCL_*, by number or by name.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.mlockall", {
            "flags": flags,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def munlockall(
            self,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.munlockall: Unlock all areas, those to come as well.

        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.munlockall", {
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def madvise(
            self,
            addr: Number,
            length: Number,
            advice: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.madvise: Tell the kernel about the use of a range.

        addr: An address.
        length: Bytes.
        advice: One MADV_*, by number or by name.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.madvise", {
            "addr": addr,
            "length": length,
            "advice": advice,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def mincore(
            self,
            addr: Number,
            length: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mincore: Ask which pages of a range are in memory.

        addr: An address.
        length: Bytes.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.mincore", {
            "addr": addr,
            "length": length,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def msync(
            self,
            addr: Number,
            length: Number,
            flags: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.msync: Write the shared file pages of a range back.

        addr: An address.
        length: Bytes.
        flags: MS_*, by number or by name.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.msync", {
            "addr": addr,
            "length": length,
            "flags": flags,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def remap_file_pages(
            self,
            addr: Number,
            size: Number,
            prot: Number,
            pgoff: Number,
            flags: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.remap_file_pages: Map other pages of a shared area's file.

        addr: An address.
        size: Bytes.
        prot: Must be 0.
        pgoff: The page of the file that shall be at addr.
        flags: MAP_NONBLOCK or 0.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.remap_file_pages", {
            "addr": addr,
            "size": size,
            "prot": prot,
            "pgoff": pgoff,
            "flags": flags,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def mseal(
            self,
            addr: Number,
            length: Number,
            flags: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.mseal: Forbid changes to a range's mapping for good.

        addr: An address.
        length: Bytes.
        flags: Must be 0.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.mseal", {
            "addr": addr,
            "length": length,
            "flags": flags,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def access(
            self,
            addr: Number,
            type: str,
            length: Optional[Number] = None,
            *,
            sp: Optional[Number] = None,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.access: Touch memory as the processor does, faults included.

        addr: The first byte.
        type: What is done to each page, in order; the first signal ends it.
        length: Bytes.
        sp: The stack pointer, where a release looks at it. Default: no check refuses.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.access", {
            "addr": addr,
            "type": type,
            "length": length,
            "sp": sp,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def find_vma(
            self,
            addr: Number,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """mm.find_vma: Look up the first area that ends above an address, as the kernel does it: cache first.

        addr: An address.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("mm.find_vma", {
            "addr": addr,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def snapshot(
            self,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """mm.snapshot: The parts of the state that are wanted.

        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return await self._call("mm.snapshot", {
            "thread": thread,
            "want": want,
            "lang": lang,
        })

    async def maps(
            self,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """mm.maps: What /proc/PID/maps of the release prints.

        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return await self._call("mm.maps", {
            "thread": thread,
            "want": want,
            "lang": lang,
        })

    async def smaps(
            self,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """mm.smaps: What /proc/PID/smaps of the release prints.

        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return await self._call("mm.smaps", {
            "thread": thread,
            "want": want,
            "lang": lang,
        })

    async def status(
            self,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """mm.status: What /proc/PID/status of the release prints about memory.

        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return await self._call("mm.status", {
            "thread": thread,
            "want": want,
            "lang": lang,
        })

    async def explain(
            self,
            method: str,
            *,
            params: Optional[Union[Mapping[str, Any], Sequence[Any]]] = None,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """mm.explain: What a call would do, step by step; it is tried in a copy of the world, and nothing changes.

        method: The call that is asked about.
        params: Its parameters, without the process; by position they begin behind it.
        thread: The calling thread.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return await self._call("mm.explain", {
            "method": method,
            "params": params,
            "thread": thread,
            "want": want,
            "lang": lang,
        })

    async def history_list(
            self,
            *,
            from_: Optional[int] = None,
            count: Optional[int] = None,
            answers: Optional[bool] = None,
    ) -> Result:
        """history.list: The operations of the process's world, in order, page by page.

        from_: The seq to begin with. Default: the oldest that is kept.
        count: Operations in the answer, at most.
        answers: Whether each comes with its answer, which is found by carrying them out
            again.
        """
        return await self._call("history.list", {
            "from": from_,
            "count": count,
            "answers": answers,
        })

    async def history_at(
            self,
            seq: int,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
    ) -> Result:
        """history.at: The parts of an earlier state that are wanted; the present stays as it is.

        seq: The state after this operation; 0: as created.
        thread: Whose look-up cache is shown.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        """
        return await self._call("history.at", {
            "seq": seq,
            "thread": thread,
            "want": want,
            "lang": lang,
        })

    async def history_diff(
            self,
            from_: int,
            *,
            to: Optional[int] = None,
            other: Optional[str] = None,
            thread: Optional[int] = None,
    ) -> Result:
        """history.diff: What differs between two states of a process, or of two processes.

        from_: The state after this operation is compared.
        to: With the state after this one. Default: the present.
        other: Of this process. Default: the same one.
        thread: Whose look-up cache is compared.
        """
        return await self._call("history.diff", {
            "from": from_,
            "to": to,
            "other": other,
            "thread": thread,
        })

    async def history_rewind(
            self,
            seq: int,
            *,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """history.rewind: Undo the later operations of the process's world. They are forgotten, and seq goes on from there.

        seq: The last operation that is not undone; 0: all are.
        thread: Whose look-up cache is shown.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("history.rewind", {
            "seq": seq,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def world_branch(
            self,
            *,
            seq: Optional[int] = None,
            thread: Optional[int] = None,
            want: Optional[Sequence[str]] = None,
            lang: Optional[str] = None,
            idempotency_key: Optional[Mapping[str, Any]] = None,
    ) -> Result:
        """world.branch: Make a second world with the same past, whose processes have names of their own.

        seq: The last operation that the new world has in common with this one. Default: the
            last of all.
        thread: Whose look-up cache is shown.
        want: The parts of the snapshot in the result.
        lang: Of a sentence a step, where steps are wanted; without it they have none.
        idempotency_key: Makes a retry safe: with the same key and parameters it is answered
            with the recorded result and does not run again.
        """
        return await self._call("world.branch", {
            "seq": seq,
            "thread": thread,
            "want": want,
            "lang": lang,
            "idempotency_key": idempotency_key,
        })

    async def world_export(
            self,
            *,
            title: Optional[str] = None,
            notes: Optional[str] = None,
            positions: Optional[Mapping[str, Any]] = None,
            form: Optional[str] = None,
    ) -> Result:
        """world.export: The process's world as one document: how it was created, all operations with their answers, and a hash of the state; or that document as a link.

        title: For people; kept in the document.
        notes: For people; kept in the document.
        positions: What a view likes; kept in the document.
        form: A JSON object, or a text for the fragment of a URL that holds it.
        """
        return await self._call("world.export", {
            "title": title,
            "notes": notes,
            "positions": positions,
            "form": form,
        })
