package com.posthog.aigateway.mock;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What really goes over the wire: the pieces, each written and flushed by itself, and what comes after the last.
record Script(List<byte[]> pieces, Finish finish) {

    enum Finish {
        COMPLETE,
        HANG_UP,
        HOLD
    }

    static Script of(Answer answer, Directives directives) {
        var script = new Script(answer.pieces(), Finish.COMPLETE).interrupted(answer, directives);
        if (directives.chunk() > 0) {
            script = new Script(sliced(script.pieces, directives.chunk()), script.finish);
        }
        return directives.cutBytes() < 0 ? script : script.cutAt(directives.cutBytes());
    }

    private Script interrupted(Answer answer, Directives directives) {
        if (directives.silent()) {
            return upTo(Math.max(0, directives.after()), Finish.HOLD);
        }
        if (directives.cut() && directives.cutBytes() < 0) {
            return upTo(Math.max(0, directives.after()), Finish.HANG_UP);
        }
        if (answer.stream() && directives.failsLater()) {
            return failing(answer, directives);
        }
        if (answer.stream() && directives.truncate()) {
            return upTo(directives.after() < 0 ? pieces.size() - 1 : directives.after(), Finish.COMPLETE);
        }
        return this;
    }

    /// An answer that is over before the fault comes stays whole.
    private Script upTo(int events, Finish finish) {
        return events >= pieces.size() ? this : new Script(pieces.subList(0, events), finish);
    }

    private Script failing(Answer answer, Directives directives) {
        if (directives.after() >= pieces.size()) {
            return this;
        }
        var told = new ArrayList<>(pieces.subList(0, directives.after()));
        told.addAll(answer.failing().events(told.size(), directives.status()));
        return new Script(told, Finish.COMPLETE);
    }

    private Script cutAt(int bytes) {
        var kept = new ArrayList<byte[]>();
        int left = bytes;
        for (var piece : pieces) {
            if (piece.length >= left) {
                if (left > 0) {
                    kept.add(Arrays.copyOf(piece, left));
                }
                return new Script(kept, Finish.HANG_UP);
            }
            kept.add(piece);
            left -= piece.length;
        }
        return this;
    }

    private static List<byte[]> sliced(List<byte[]> pieces, int size) {
        var all = join(pieces);
        var slices = new ArrayList<byte[]>();
        for (int from = 0; from < all.length; from += size) {
            slices.add(Arrays.copyOfRange(all, from, Math.min(all.length, from + size)));
        }
        return slices;
    }

    private static byte[] join(List<byte[]> pieces) {
        var all = new ByteArrayOutputStream();
        pieces.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
