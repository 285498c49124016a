package com.posthog.aigateway.admit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Bucket;
import com.posthog.aigateway.call.Grain;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.call.Window;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// How operations, answers and entries travel between replicas: a version byte, then the fields in order. A
/// new version reads what the last one wrote; it writes its own form only one release later.
final class Codec {

    private static final byte VERSION = 1;

    interface Writer<T> {
        void write(T value) throws IOException;
    }

    interface Reader<T> {
        T read() throws IOException;
    }

    private Codec() {}

    static void write(Operation operation, DataOutput out) throws IOException {
        out.writeByte(VERSION);
        switch (operation) {
            case Enter enter -> {
                out.writeByte(1);
                out.writeLong(enter.id().epoch());
                out.writeLong(enter.id().seq());
                out.writeInt(enter.step());
                out.writeLong(enter.at());
                write(enter.owner(), out);
                list(enter.claims(), out, claim -> write(claim, out));
                out.writeLong(enter.tokens());
            }
            case Settle settle -> {
                out.writeByte(2);
                out.writeLong(settle.epoch());
                list(settle.done(), out, ended -> {
                    out.writeLong(ended.seq());
                    out.writeLong(ended.surplus());
                    list(ended.tokens(), out, account -> write(account, out));
                });
                list(settle.totals(), out, total -> write(total, out));
            }
            case Statement statement -> {
                out.writeByte(3);
                write(statement, out);
            }
            case Create create -> {
                out.writeByte(4);
                out.writeLong(create.placeholder());
                list(create.statements(), out, statement -> write(statement, out));
                list(create.checkpoints().entrySet(), out, entry -> {
                    out.writeLong(entry.getKey());
                    list(entry.getValue(), out, total -> write(total, out));
                });
                list(create.closed(), out, out::writeLong);
            }
            case Look look -> {
                out.writeByte(5);
                list(look.claims(), out, claim -> write(claim, out));
            }
            case Describe _ -> out.writeByte(6);
            case Recount _ -> out.writeByte(7);
        }
    }

    static Operation operation(DataInput in) throws IOException {
        check(in);
        byte kind = in.readByte();
        return switch (kind) {
            case 1 -> {
                var id = new HoldId(in.readLong(), in.readLong());
                yield new Enter(id, in.readInt(), in.readLong(), uuid(in), list(in, () -> claim(in)), in.readLong());
            }
            case 2 ->
                new Settle(
                        in.readLong(),
                        list(in, () -> new Settle.Ended(in.readLong(), in.readLong(), list(in, () -> account(in)))),
                        list(in, () -> total(in)));
            case 3 -> statement(in);
            case 4 -> new Create(in.readLong(), list(in, () -> statement(in)), checkpoints(in), list(in, in::readLong));
            case 5 -> new Look(list(in, () -> claim(in)));
            case 6 -> new Describe();
            case 7 -> new Recount();
            default -> throw new IOException("an operation of kind " + kind);
        };
    }

    private static Map<Long, List<Total>> checkpoints(DataInput in) throws IOException {
        var checkpoints = new HashMap<Long, List<Total>>();
        for (int i = in.readInt(); i > 0; i--) {
            checkpoints.put(in.readLong(), list(in, () -> total(in)));
        }
        return checkpoints;
    }

    private static void write(Statement statement, DataOutput out) throws IOException {
        out.writeLong(statement.epoch());
        write(statement.owner(), out);
        out.writeLong(statement.upTo());
        list(statement.open(), out, open -> write(open, out));
        list(statement.totals(), out, total -> write(total, out));
        out.writeBoolean(statement.closed());
    }

    private static Statement statement(DataInput in) throws IOException {
        return new Statement(
                in.readLong(),
                uuid(in),
                in.readLong(),
                list(in, () -> open(in)),
                list(in, () -> total(in)),
                in.readBoolean());
    }

    private static void write(Open open, DataOutput out) throws IOException {
        out.writeLong(open.seq());
        out.writeInt(open.step());
        out.writeLong(open.at());
        write(open.owner(), out);
        nanos(open.nanos(), out);
        list(open.slots(), out, account -> write(account, out));
        out.writeLong(open.tokens());
        out.writeBoolean(open.held());
    }

    private static Open open(DataInput in) throws IOException {
        return new Open(
                in.readLong(),
                in.readInt(),
                in.readLong(),
                uuid(in),
                nanos(in),
                list(in, () -> account(in)),
                in.readLong(),
                in.readBoolean());
    }

    private static void nanos(Map<Account, Long> nanos, DataOutput out) throws IOException {
        list(nanos.entrySet(), out, entry -> {
            write(entry.getKey(), out);
            out.writeLong(entry.getValue());
        });
    }

    private static Map<Account, Long> nanos(DataInput in) throws IOException {
        var nanos = new HashMap<Account, Long>();
        for (int i = in.readInt(); i > 0; i--) {
            nanos.put(account(in), in.readLong());
        }
        return nanos;
    }

    private static void write(Claim claim, DataOutput out) throws IOException {
        write(claim.account(), out);
        out.writeLong(claim.nanos());
        out.writeBoolean(claim.strict());
        list(claim.caps(), out, cap -> {
            out.writeUTF(cap.window().name());
            out.writeLong(cap.nanos());
            out.writeUTF(cap.mode().name());
        });
        list(claim.rates(), out, rate -> {
            out.writeUTF(rate.kind().name());
            out.writeLong(rate.limit());
            out.writeUTF(rate.mode().name());
        });
    }

    private static Claim claim(DataInput in) throws IOException {
        return new Claim(
                account(in),
                in.readLong(),
                in.readBoolean(),
                list(in, () -> new Cap(Window.valueOf(in.readUTF()), in.readLong(), Mode.valueOf(in.readUTF()))),
                list(in, () -> new Rate(Rate.Kind.valueOf(in.readUTF()), in.readLong(), Mode.valueOf(in.readUTF()))));
    }

    private static void write(Total total, DataOutput out) throws IOException {
        write(total.account(), out);
        out.writeByte(total.bucket().grain().code());
        out.writeLong(total.bucket().index());
        out.writeLong(total.nanos());
    }

    private static Total total(DataInput in) throws IOException {
        return new Total(account(in), new Bucket(Grain.of(in.readByte()), in.readLong()), in.readLong());
    }

    static void write(Answer answer, DataOutput out) throws IOException {
        out.writeByte(VERSION);
        switch (answer) {
            case Answer.Granted granted -> {
                out.writeByte(1);
                out.writeLong(granted.at());
                list(granted.shadowed(), out, denial -> write(denial, out));
            }
            case Answer.Denied denied -> {
                out.writeByte(2);
                write(denied.denial(), out);
                list(denied.shadowed(), out, denial -> write(denial, out));
            }
            case Answer.Over over -> {
                out.writeByte(3);
                out.writeBoolean(over.closed());
            }
            case Answer.Missing missing -> {
                out.writeByte(4);
                out.writeLong(missing.number());
            }
            case Answer.Done _ -> out.writeByte(5);
            case Answer.Seen seen -> {
                out.writeByte(6);
                list(seen.standings(), out, standing -> write(standing, out));
            }
            case Answer.Described described -> {
                out.writeByte(7);
                var json = described.json().getBytes(UTF_8);
                out.writeInt(json.length);
                out.write(json);
            }
        }
    }

    static Answer answer(DataInput in) throws IOException {
        check(in);
        byte kind = in.readByte();
        return switch (kind) {
            case 1 -> new Answer.Granted(in.readLong(), list(in, () -> denial(in)));
            case 2 -> new Answer.Denied(denial(in), list(in, () -> denial(in)));
            case 3 -> new Answer.Over(in.readBoolean());
            case 4 -> new Answer.Missing(in.readLong());
            case 5 -> new Answer.Done();
            case 6 -> new Answer.Seen(list(in, () -> standing(in)));
            case 7 -> {
                var json = new byte[in.readInt()];
                in.readFully(json);
                yield new Answer.Described(new String(json, UTF_8));
            }
            default -> throw new IOException("an answer of kind " + kind);
        };
    }

    private static void write(Denial denial, DataOutput out) throws IOException {
        write(denial.account(), out);
        out.writeUTF(denial.what());
        out.writeBoolean(denial.money());
        out.writeLong(denial.limit());
        out.writeLong(denial.used());
        out.writeLong(denial.held());
        out.writeLong(denial.after());
    }

    private static Denial denial(DataInput in) throws IOException {
        return new Denial(
                account(in),
                in.readUTF(),
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong());
    }

    private static void write(Standing standing, DataOutput out) throws IOException {
        write(standing.account(), out);
        out.writeUTF(standing.what());
        out.writeBoolean(standing.money());
        out.writeLong(standing.limit());
        out.writeLong(standing.used());
        out.writeLong(standing.held());
        out.writeLong(standing.absent());
    }

    private static Standing standing(DataInput in) throws IOException {
        return new Standing(
                account(in),
                in.readUTF(),
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong());
    }

    /// An entry moves to another member.
    static void write(Entry entry, DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(entry.number());
        out.writeBoolean(entry.isReady());
        out.writeLong(entry.clock());
        list(entry.sheets().entrySet(), out, it -> {
            write(it.getKey(), out);
            write(it.getValue(), out);
        });
        list(entry.holds().entrySet(), out, it -> {
            out.writeLong(it.getKey().epoch());
            var hold = it.getValue();
            write(
                    new Open(it.getKey().seq(), hold.step, hold.at, hold.owner, hold.nanos, hold.slots, hold.tokens),
                    out);
            out.writeBoolean(hold.rated);
        });
        list(entry.epochs().entrySet(), out, it -> {
            out.writeLong(it.getKey());
            out.writeLong(it.getValue().upTo());
            list(it.getValue().open(), out, out::writeLong);
        });
        list(entry.closed(), out, out::writeLong);
    }

    static Entry entry(DataInput in) throws IOException {
        check(in);
        var entry = Entry.placeholder(in.readLong());
        if (in.readBoolean()) {
            entry.becomeReady();
        }
        entry.pass(in.readLong());
        for (int i = in.readInt(); i > 0; i--) {
            var account = account(in);
            readInto(entry.sheetOf(account), in);
        }
        for (int i = in.readInt(); i > 0; i--) {
            long epoch = in.readLong();
            var open = open(in);
            var hold = new Entry.Hold(
                    open.step(), open.at(), open.owner(), new HashMap<>(open.nanos()), open.slots(), open.tokens());
            hold.rated = in.readBoolean();
            entry.put(new HoldId(epoch, open.seq()), hold);
        }
        for (int i = in.readInt(); i > 0; i--) {
            long epoch = in.readLong();
            entry.epochs().put(epoch, new Entry.Progress(in.readLong(), new HashSet<>(list(in, in::readLong))));
        }
        entry.closed().addAll(list(in, in::readLong));
        return entry;
    }

    /// What is held is known from the holds.
    private static void write(Sheet sheet, DataOutput out) throws IOException {
        list(sheet.charged().entrySet(), out, grain -> {
            out.writeByte(grain.getKey().code());
            list(grain.getValue().entrySet(), out, bucket -> {
                out.writeLong(bucket.getKey());
                var counter = bucket.getValue();
                out.writeInt(counter.size());
                for (int i = 0; i < counter.size(); i++) {
                    out.writeLong(counter.epoch(i));
                    out.writeLong(counter.charged(i));
                }
            });
        });
        Pace.write(sheet.requests, out);
        Pace.write(sheet.tokens, out);
    }

    private static void readInto(Sheet sheet, DataInput in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            var grain = Grain.of(in.readByte());
            for (int j = in.readInt(); j > 0; j--) {
                var counter = sheet.counter(new Bucket(grain, in.readLong()));
                for (int k = in.readInt(); k > 0; k--) {
                    counter.raise(in.readLong(), in.readLong());
                }
            }
        }
        sheet.requests = Pace.read(in);
        sheet.tokens = Pace.read(in);
    }

    private static void write(Account account, DataOutput out) throws IOException {
        out.writeUTF(account.scope().name());
        out.writeUTF(account.id());
    }

    private static Account account(DataInput in) throws IOException {
        return new Account(Scope.valueOf(in.readUTF()), in.readUTF());
    }

    private static void write(UUID uuid, DataOutput out) throws IOException {
        out.writeLong(uuid.getMostSignificantBits());
        out.writeLong(uuid.getLeastSignificantBits());
    }

    private static UUID uuid(DataInput in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static <T> void list(Collection<T> values, DataOutput out, Writer<T> writer) throws IOException {
        out.writeInt(values.size());
        for (var value : values) {
            writer.write(value);
        }
    }

    private static <T> List<T> list(DataInput in, Reader<T> reader) throws IOException {
        int size = in.readInt();
        var values = new ArrayList<T>(Math.min(size, 1_024));
        for (int i = 0; i < size; i++) {
            values.add(reader.read());
        }
        return values;
    }

    private static void check(DataInput in) throws IOException {
        byte version = in.readByte();
        if (version != VERSION) {
            throw new IOException("version " + version + " of the ledger's form is not known here");
        }
    }
}
