// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that nobody who embeds the library ever resolves or builds its benchmarks.
let package = Package(
    name: "artifact-store-benchmarks",
    platforms: [.macOS(.v15)],
    traits: [.trait(name: "S3", description: "Uploads and large objects in S3; without it no HTTP client is fetched.")],
    dependencies: [
        .package(
            name: "swift-artifact-store", path: "..", traits: [.trait(name: "S3", condition: .when(traits: ["S3"]))]),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        // The statements and values that the C program and the Swift program share.
        .target(name: "CWorkload"),
        .executableTarget(name: "c-baseline", dependencies: ["CWorkload", "CSQLite"]),
        .executableTarget(
            name: "bench",
            dependencies: [
                "CWorkload",
                .product(name: "ArtifactStore", package: "swift-artifact-store"),
                .product(
                    name: "ArtifactStoreS3", package: "swift-artifact-store", condition: .when(traits: ["S3"])),
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
    ]
)
