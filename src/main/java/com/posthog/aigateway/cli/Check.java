package com.posthog.aigateway.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description =
                "Reads the configuration without starting: prints it as it holds, secrets masked, or all its faults.",
        mixinStandardHelpOptions = true)
final class Check implements Runnable {

    private final House house;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    Check(House house) {
        this.house = house;
    }

    @Override
    public void run() {
        var checked = house.check(config.file());
        PrintWriter out = spec.commandLine().getOut();
        out.print(checked.effective());
        checked.notices().forEach(notice -> out.println("# note: " + notice));
        out.println("# ok: " + checked.models() + " models, " + checked.credentials() + " usable credentials");
        out.flush();
    }
}
