internal import Foundation

/// Host name and process id: who this process is in claims unless its host says otherwise.
let processName = "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)"
